from __future__ import annotations

import pytest

from core import clock
from search import operations


@pytest.fixture
def index(db: None) -> None:
    """An index that holds exactly what this test's database has for sale."""
    operations.rebuild(at=clock.now())
