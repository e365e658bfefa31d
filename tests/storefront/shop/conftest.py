from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache

from core import clock
from search import operations


@pytest.fixture(autouse=True)
def _cold_cache(db: None) -> None:
    cache.clear()
    operations.rebuild(at=clock.now())


@pytest.fixture
def indexed() -> Callable[[], None]:
    """Bring the index up to date with what the test has published."""
    return lambda: operations.rebuild(at=clock.now()) and None
