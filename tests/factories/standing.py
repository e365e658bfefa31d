"""A world that stands for all tests of a module: built once, in a transaction that is never committed; each test has a savepoint of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import transaction

World = TypeVar("World")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen. Blocks that insist on being the outermost one are told that this is a test, as Django's own do."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def built_once(make: Callable[[], World]) -> Any:
    """The world's fixture. The module also needs `_django_db_helper = standing.savepoint_in("its name")`."""

    @pytest.fixture(scope="module")
    def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
        with django_db_blocker.unblock(), undone():
            yield make()

    return standing


def savepoint_in(name: str) -> Any:
    """In the place of pytest-django's, which ends every test by closing the connection: it is the world's."""

    @pytest.fixture
    def _django_db_helper(request: pytest.FixtureRequest) -> Iterator[None]:
        request.getfixturevalue(name)
        with undone():
            yield

    return _django_db_helper
