"""Cleaning the database after a test that commits: only tables that were touched, and our append-only triggers rest meanwhile.

Django's own flush truncates every table (a hundred files each time, all synced) and then makes every permission anew; this one
deletes what a test added and keeps what the migrations wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY tablename"


@dataclass(frozen=True)
class Baseline:
    """What the fresh database holds: for each table with rows its highest id."""

    tables: tuple[str, ...]
    kept: dict[str, int]


def measure() -> Baseline:
    """Look at the fresh database, once."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = tuple(name for (name,) in cursor.fetchall())
        kept = {}
        for table in _filled(tables):
            cursor.execute(f'SELECT max(id) FROM "{table}"')
            kept[table] = cursor.fetchone()[0]
    return Baseline(tables, kept)


def flush(baseline: Baseline) -> None:
    """Back to the baseline. Only superusers may set `session_replication_role`, and only the test cluster gives us one."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for table in _filled(baseline.tables):
                added = f"WHERE id > {baseline.kept[table]}" if table in baseline.kept else ""
                cursor.execute(f'DELETE FROM "{table}" {added}')
        finally:
            cursor.execute("SET session_replication_role = origin")


def empty(baseline: Baseline) -> None:
    """The same for one test that fills the same few tables thousands of times: truncated, so that nothing dead is left to be looked through."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            if tables := [table for table in _filled(baseline.tables) if table not in baseline.kept]:
                cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        finally:
            cursor.execute("SET session_replication_role = origin")


def _filled(tables: tuple[str, ...]) -> list[str]:
    """Those with at least one row, by one query."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables))
        return [name for (name,) in cursor.fetchall()]
