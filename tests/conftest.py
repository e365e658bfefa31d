"""What every test stands on: the test settings, and a flush that append-only tables accept."""

import os
from collections.abc import Iterator

os.environ.setdefault("SOUK_TESTING", "1")

import pytest


@pytest.fixture(autouse=True, scope="session")
def _flush_append_only_tables() -> Iterator[None]:
    """After a test that commits, Django truncates every table; our triggers refuse that, so they rest meanwhile.

    Only superusers may set `session_replication_role`, and only the test cluster gives us one.
    """
    from django.core.management import call_command as plain_call
    from django.db import connection

    def call_command(name: str, *args: object, **options: object) -> object:
        if name != "flush":
            return plain_call(name, *args, **options)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # Django knows of no table of the queue
            try:
                return plain_call(name, *args, **options)
            finally:
                cursor.execute("SET session_replication_role = origin")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.testcases.call_command", call_command)
        yield
