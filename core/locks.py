"""Locks in one order for everybody, so that no two operations can wait for each other.

Every operation on a trade takes `trade(reference)` first, then rows: order, payment, hold, ledger accounts, each by id.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Model, QuerySet

from core import whole
from core.errors import Busy
from core.sql import fetch

AnyModel = TypeVar("AnyModel", bound=Model)
LOCK_NOT_AVAILABLE, DEADLOCK, CANCELLED = "55P03", "40P01", "57014"


@contextmanager
def refusing_to_wait() -> Iterator[None]:
    """Turn the database's lock time-out into Busy, the refusal that may be tried again."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in (LOCK_NOT_AVAILABLE, DEADLOCK):
            raise Busy from error
        raise


def trade(*references: str) -> None:
    """Lock these trades until the transaction ends, in sorted order. Raises Busy after `lock_timeout`."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A trade lock lives in a transaction.")
    held = whole.trades_in_hand()
    with refusing_to_wait():
        for reference in sorted(set(references) - held):
            fetch("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"trade:{reference}"])
    if not connection.savepoint_ids:  # what is locked behind a savepoint is free again after its rollback
        held.update(references)


def try_trades(*references: str, at_most: int | None = None) -> set[str]:
    """Lock those of these trades that are free now, at most so many, and say which. Never waits: for sweepers."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A trade lock lives in a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference FROM unnest(%s::text[]) AS reference"
            " WHERE pg_try_advisory_xact_lock(hashtextextended('trade:' || reference, 7)) LIMIT %s",
            [list(dict.fromkeys(references)), at_most],
        )
        return {reference for (reference,) in cursor.fetchall()}


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process is the only one inside `name`, across all machines and many transactions. The database drops the
    lock with the connection, so nobody waits for the dead. Never waits; ask again if that matters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 7))", [f"alone:{name}"])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 7))", [f"alone:{name}"])


def rows(queryset: QuerySet[AnyModel]) -> list[AnyModel]:
    """Lock and fetch the rows in id order. Raises Busy after `lock_timeout`."""
    with refusing_to_wait():
        return list(queryset.order_by("pk").select_for_update(of=("self",)))
