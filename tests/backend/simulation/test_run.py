import pytest

from backend.simulation.run import simulate
from tests import flushing

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_small_life_ends_whole_and_repeats_itself(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    fresh = flushing.measure()
    first = simulate(seed=5, orders=8)
    assert (first.orders, first.violations) == (8, [])

    flushing.flush(fresh)
    again = simulate(seed=5, orders=8)
    assert again.fingerprint == first.fingerprint
    assert again.acts == first.acts
