"""What a simulation leaves behind: how it all stands, and a fingerprint that is equal for equal lives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

# Everything that is decided by the seed: no row ids, no times of this machine.
FACTS = (
    "SELECT reference, state, total_minor FROM marketplace_order ORDER BY reference",
    "SELECT reference, state, gross_minor FROM escrow_hold ORDER BY reference",
    "SELECT ref, state, amount_minor FROM escrow_chargeback ORDER BY ref",
    "SELECT transfer.key, transfer.event, account.code, posting.amount_minor, posting.currency FROM escrow_posting posting"
    " JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id JOIN escrow_account account ON account.id = posting.account_id"
    " ORDER BY transfer.key, account.code, posting.amount_minor",
    "SELECT kind, reference, name, actor_kind, at FROM core_auditevent ORDER BY kind, reference, at, name, actor_kind",
)


@dataclass(frozen=True)
class Standing:
    """States and how many orders are in each."""

    orders: int
    states: dict[str, int]
    fingerprint: str


def standing() -> Standing:
    """Read it from the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM marketplace_order GROUP BY state ORDER BY state")
        states = dict(cursor.fetchall())
    return Standing(sum(states.values()), states, _fingerprint())


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for row in _facts():
        digest.update(repr(row).encode())
    return digest.hexdigest()[:32]


def _facts() -> Iterator[tuple[object, ...]]:
    with connection.cursor() as cursor:
        for query in FACTS:
            cursor.execute(query)
            yield from cursor.fetchall()
