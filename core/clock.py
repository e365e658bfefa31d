"""One clock for everybody: the database's time, plus an offset that only tests, demo drills and simulations may set.

Doors and jobs read it once and pass it down; rules and pure code take time as an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from core.sql import fetch

TRAVELLED = """
SELECT coalesce(max(frozen_at), clock_timestamp()) + coalesce(max(offset_by), interval '0') FROM core_clockoffset
"""


def now() -> datetime:
    """Aware UTC time of the database (plus the test offset where settings allow one)."""
    if remembered := getattr(connection, "souk_now", None):
        return remembered  # type: ignore[no-any-return]
    ((moment,),) = fetch(words())
    return moment  # type: ignore[no-any-return]


def remember(moment: datetime) -> None:
    """A request has read the clock: for the rest of its transaction this is now, until `forget`."""
    connection.souk_now = moment  # type: ignore[attr-defined]


def forget() -> None:
    """The transaction is over."""
    connection.souk_now = None  # type: ignore[attr-defined]


def words() -> str:
    """The question itself, for a statement that asks it on the way."""
    return TRAVELLED if getattr(settings, "CLOCK_OFFSET_ALLOWED", False) else "SELECT clock_timestamp()"


def travel(by: timedelta) -> None:
    """Move this database's clock forward for every process that uses it."""
    _require_permission()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_clockoffset (id, offset_by) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET offset_by = core_clockoffset.offset_by + excluded.offset_by",
            [by],  # type: ignore[list-item]  # psycopg knows timedelta, the stubs do not
        )


def freeze(at: datetime) -> None:
    """Stop this database's clock at `at`: from now on only `travel` moves it, so that a simulation repeats itself exactly."""
    _require_permission()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_clockoffset (id, offset_by, frozen_at) VALUES (1, interval '0', %s)"
            " ON CONFLICT (id) DO UPDATE SET offset_by = interval '0', frozen_at = excluded.frozen_at",
            [at],
        )


def _require_permission() -> None:
    if not getattr(settings, "CLOCK_OFFSET_ALLOWED", False):
        raise ImproperlyConfigured("The clock can be moved only under test settings (CLOCK_OFFSET_ALLOWED).")


def thaw() -> None:
    """Let the real time run again: what a seed froze must not outlive it."""
    _require_permission()
    forget()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_clockoffset")
