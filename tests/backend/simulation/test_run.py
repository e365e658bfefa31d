import os

import pytest

from backend.simulation.run import simulate
from tests import flushing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_small_life_ends_whole_and_repeats_itself(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    fresh = flushing.measure()
    first = simulate(seed=5, orders=8)
    assert (first.orders, first.violations) == (8, [])

    flushing.flush(fresh)
    again = simulate(seed=5, orders=8)
    assert again.fingerprint == first.fingerprint
    assert again.acts == first.acts


@pytest.mark.skipif(not os.environ.get("SOUK_PROVE"), reason="a minute long; ./souk prove runs it, and a storm over a thousand orders")
def test_every_event_is_explained_after_a_storm(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    life = simulate(seed=3, orders=8, faults=True)
    assert life.violations == []
    assert life.faults is not None
    assert life.faults["struck"]["busy"] > 0
    assert life.faults["messages_taken_in_by_the_reconciler"] > 0
    assert len(life.faults["injected"]) >= 18  # missing, altered and extra, of messages and of lines
    assert life.faults["listed"] == life.faults["injected"]
