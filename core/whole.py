"""Requests that are kept or given up as a whole: what runs inside them needs no savepoint of its own.

A savepoint protects whoever catches a refusal and goes on in the same transaction. Behind a door that answers every refusal with a
rollback nobody does, and there a pair of statements for every operation inside another is only work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from core import clock

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
MARK, TRADES = "souk_is_whole", "souk_trades_in_hand"


@contextmanager
def whole() -> Iterator[None]:
    """One transaction. Whatever is raised inside must leave it."""
    before = getattr(connection, MARK, False)
    with transaction.atomic():
        setattr(connection, MARK, True)
        try:
            yield
        finally:
            setattr(connection, MARK, before)
            clock.forget()
            if not before:
                setattr(connection, TRADES, None)


def trades_in_hand() -> set[str]:
    """The trades that are locked already in this whole, to be added to; elsewhere nothing is remembered."""
    if not getattr(connection, MARK, False):
        return set()
    held: set[str] | None = getattr(connection, TRADES, None)
    if held is None:
        held = set()
        setattr(connection, TRADES, held)
    return held


def block() -> transaction.Atomic:
    """A transaction, or a part of the one that is whole: no savepoint inside `whole`."""
    return transaction.atomic(savepoint=not getattr(connection, MARK, False))


def operation(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """As `transaction.atomic`, without a savepoint inside `whole`. For operations whose refusal nobody catches on the way out."""

    @wraps(function)
    def run(*values: Asked.args, **named: Asked.kwargs) -> Answer:
        with block():
            return function(*values, **named)

    return run
