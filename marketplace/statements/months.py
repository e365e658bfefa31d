"""Calendar months in a time zone. Pure."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """`[starts_at, ends_at)` in a zone."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def starts_at(self, zone: str) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=zoneinfo.ZoneInfo(zone))

    def ends_at(self, zone: str) -> datetime:
        return self.next.starts_at(zone)


def month_of(moment: datetime, zone: str) -> Month:
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return Month(local.year, local.month)


def read(text: str) -> Month | None:
    """2026-11; None for anything else."""
    found = _WRITTEN.fullmatch(text)
    return Month(int(found[1]), int(found[2])) if found and int(found[1]) >= 2000 else None


def until(first: Month, end: Month) -> Iterator[Month]:
    """The months from `first` up to, and without, `end`."""
    while first < end:
        yield first
        first = first.next
