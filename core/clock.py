"""One clock for everybody: the database's time, plus an offset that only tests, demo drills and simulations may set.

Doors and jobs read it once and pass it down; rules and pure code take time as an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


def now() -> datetime:
    """Aware UTC time of the database (plus the test offset where settings allow one)."""
    travelled = getattr(settings, "CLOCK_OFFSET_ALLOWED", False)
    offset = " + coalesce((SELECT max(offset_by) FROM core_clockoffset), interval '0')" if travelled else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT clock_timestamp(){offset}")
        moment: datetime = cursor.fetchone()[0]
    return moment


def travel(by: timedelta) -> None:
    """Move this database's clock forward for every process that uses it."""
    if not getattr(settings, "CLOCK_OFFSET_ALLOWED", False):
        raise ImproperlyConfigured("The clock can be moved only under test settings (CLOCK_OFFSET_ALLOWED).")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_clockoffset (id, offset_by) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET offset_by = core_clockoffset.offset_by + excluded.offset_by",
            [by],  # type: ignore[list-item]  # psycopg knows timedelta, the stubs do not
        )
