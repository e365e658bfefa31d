"""Working days of the calendar “Monday to Friday”, in a time zone. Pure."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, time, timedelta

SATURDAY = 5


def business_days_after(day: date, count: int) -> date:
    for _ in range(count):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def business_days_until(day: date, last: date) -> int:
    """How many working days come after `day`, up to and with `last`."""
    return sum((day + timedelta(days=ahead)).weekday() < SATURDAY for ahead in range(1, (last - day).days + 1))


def end_of_business_day(moment: datetime, count: int, zone: str) -> datetime:
    """The end of the working day that lies `count` working days after a moment, as people in the zone count."""
    local = zoneinfo.ZoneInfo(zone)
    day = business_days_after(moment.astimezone(local).date(), count) + timedelta(days=1)
    return datetime.combine(day, time.min, tzinfo=local)
