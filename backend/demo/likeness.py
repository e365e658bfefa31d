"""Whether two demo markets are the same market: a digest of every table, without what must be different in each.

The same seed and the same present make the same people, goods, orders, books and words. What differs is named here, with its reason.
"""

from __future__ import annotations

import hashlib

from django.db import connection
from psycopg import sql

# Nobody may foresee these, in no market.
SECRET = {"accounts_user": ("password",)}
# These say when and how the machine worked, not what happened in the market.
OF_THE_MACHINE = {
    "escrow_transfer": ("written_at", "xact"),
    "escrow_ledgerproof": ("took_ms",),
    "escrow_seal": ("digest",),  # of the transfer with its `written_at`
    "django_migrations": ("applied",),
    "procrastinate_events": ("at",),
    "procrastinate_workers": ("last_heartbeat",),
}


def of_tables() -> dict[str, str]:
    """Table → digest of its rows in the order in which they were written."""
    with connection.cursor() as cursor:
        return {table: _digest(table) for table in sorted(connection.introspection.table_names(cursor))}


def _digest(table: str) -> str:
    left_out = [*SECRET.get(table, ()), *OF_THE_MACHINE.get(table, ())]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT (to_jsonb(t) - %s::text[])::text FROM {} t ORDER BY to_jsonb(t) -> 'id', 1").format(sql.Identifier(table)),
            [left_out],
        )
        return hashlib.sha256("\n".join(row for (row,) in cursor.fetchall()).encode()).hexdigest()[:16]
