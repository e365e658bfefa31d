"""Days as people mean them. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def after_last_moment(day: date, zone: ZoneInfo) -> datetime:
    """A period until a day includes that day."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def day_of_end(moment: datetime, zone: ZoneInfo) -> date:
    return (moment.astimezone(zone) - timedelta(microseconds=1)).date()
