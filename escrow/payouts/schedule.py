"""When a seller is paid without asking. Imports no Django."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

DAILY, WEEKLY, MONTHLY, MANUAL = "daily", "weekly", "monthly", "manual"
AUTOMATIC: Final = (DAILY, WEEKLY, MONTHLY)


def period_start(schedule: str, at: datetime) -> datetime:
    """The beginning of the day, week (Monday) or month in which `at` lies, in UTC: at most one automatic payout is made in each."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if schedule == WEEKLY:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if schedule == MONTHLY else day
