"""What every test stands on: the test settings, and a quick return to the fresh database after a test that commits."""

import os
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("SOUK_TESTING", "1")

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, and that is no fault.
settings.register_profile("souk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("souk")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first, dealt out over the processes, which begin with equal shares and steal from each other: none ends alone with a long one."""
    shares = int(getattr(config, "workerinput", {}).get("workercount", 1))
    slow = [item for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")]
    first = set(slow)
    quick = [item for item in items if item not in first]
    if shares == 1:
        return
    each = -(-len(quick) // shares)
    items[:] = [item for share in range(shares) for item in (*slow[share::shares], *quick[share * each : (share + 1) * each])]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Django's set-up, with its flush replaced by ours (see tests/flushing.py)."""
    from django.core.management import call_command as plain_call

    from tests import flushing

    with django_db_blocker.unblock():
        baseline = flushing.measure()

    def call_command(name: str, *args: object, **options: object) -> object:
        return flushing.flush(baseline) if name == "flush" else plain_call(name, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.testcases.call_command", call_command)
        yield


@pytest.fixture(autouse=True)
def _another_world() -> None:
    """What a process remembers for a minute, and the language of the last page, must not outlive the test's world."""
    from django.utils import translation

    from core import kept

    kept.forget()
    translation.deactivate()
