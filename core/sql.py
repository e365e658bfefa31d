"""A statement and its answer, for those that run hundreds of times a second.

Every `connection.cursor()` builds a cursor, two wrappers and a copy of the adapters, which costs as much processor time as sending a
small statement. Here a connection keeps one cursor. Whoever watches statements (tests, `execute_wrapper`) still sees these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Values = Sequence[Any] | Mapping[str, Any]


def fetch(sql: str, values: Values = ()) -> list[Any]:
    """Execute, and answer every row."""
    cursor = _executed(sql, values)
    found: list[Any] = cursor.fetchall()
    return found


def execute(sql: str, values: Values = ()) -> int:
    """Execute, and answer how many rows it touched."""
    return int(_executed(sql, values).rowcount)


def _executed(sql: str, values: Values) -> Any:
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None or connection.execute_wrappers or connection.force_debug_cursor:
        cursor = connection.cursor()
        cursor.execute(sql, values)
        return cursor
    if connection.needs_rollback:
        connection.validate_no_broken_transaction()
    kept = connection.__dict__.get("souk_cursor")
    if kept is None or kept.connection is not connection.connection or kept.closed:
        connection.souk_cursor = kept = connection.create_cursor()
    with connection.wrap_database_errors:
        kept.execute(sql, values)
    return kept
