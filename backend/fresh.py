"""Brings the embedded database up to date by itself: a fresh folder works with any command. A server's database never is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_LOCK = 0x50554B  # any number that nothing else locks


def migrate_when_embedded() -> None:
    if settings.SOUK.embedded_database and pending():
        with _alone():
            if pending():  # another command may have done it while we waited
                print("Preparing the database …", file=sys.stderr, flush=True)
                call_command("migrate", verbosity=0, interactive=False)


def pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        connection.close()


def empty() -> None:
    """Drop everything in the embedded database (only ever called for a half-filled demo)."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def nobody_is_here() -> bool:
    return not get_user_model()._default_manager.exists()
