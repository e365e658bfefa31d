"""What one unit costs at a time and a quantity, and the lowest price before a reduction. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.sale_formats.base import UnitPrice

LOWEST_OVER = timedelta(days=30)


@dataclass(frozen=True)
class Special:
    """A lower price in [starts_at, ends_at); no end: until further notice."""

    price_minor: int
    starts_at: datetime
    ends_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Break:
    min_quantity: int
    price_minor: int


@dataclass(frozen=True)
class PriceTable:
    price_minor: int
    min_quantity: int = 1
    special: Special | None = None
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class PricePoint:
    """The price table's essentials as they were set at a time; it held until the next point."""

    at: datetime
    price_minor: int
    special: Special | None = None


def price_at(table: PriceTable, quantity: int, at: datetime) -> UnitPrice:
    """The best of the ordinary price, the quantity's price and a running special."""
    best, reason = table.price_minor, "price"
    for step in table.breaks:
        if step.min_quantity <= quantity and step.price_minor < best:
            best, reason = step.price_minor, "quantity"
    if table.special and table.special.holds(at) and table.special.price_minor < best:
        best, reason = table.special.price_minor, "special"
    return UnitPrice(unit_minor=best, list_minor=table.price_minor, reason=reason, least=table.min_quantity)


def lowest_before(points: Sequence[PricePoint], reduction: datetime, *, shown_since: datetime) -> int | None:
    """The lowest price that was really asked in the 30 days before a reduction; None when nothing was asked before it."""
    window_start = max(reduction - LOWEST_OVER, shown_since)
    asked: list[int] = []
    ordered = sorted(points, key=lambda point: point.at)
    for index, point in enumerate(ordered):
        following = ordered[index + 1].at if index + 1 < len(ordered) else reduction
        start, end = max(point.at, window_start), min(following, reduction)
        if start < end:
            asked += _asked_within(point, start, end)
    return min(asked, default=None)


def _asked_within(point: PricePoint, start: datetime, end: datetime) -> list[int]:
    """Every price that this point made anybody see in [start, end)."""
    special = point.special
    if special is None or special.starts_at >= end or (special.ends_at is not None and special.ends_at <= start):
        return [point.price_minor]
    covers_all = special.starts_at <= start and (special.ends_at is None or special.ends_at >= end)
    lowest = min(special.price_minor, point.price_minor)
    return [lowest] if covers_all else [lowest, point.price_minor]


def honest_was(table: PriceTable, points: Sequence[PricePoint], at: datetime, *, shown_since: datetime | None) -> int | None:
    """The price to strike beside a running special: the lowest of the 30 days before it, when that was higher."""
    if table.special is None or not table.special.holds(at) or shown_since is None:
        return None
    began = _began(table.special, points)
    before = lowest_before(points, began, shown_since=shown_since)
    return before if before is not None and before > price_at(table, 1, at).unit_minor else None


def _began(special: Special, points: Sequence[PricePoint]) -> datetime:
    """When buyers first saw this special: it cannot have begun before it was written down."""
    written = [point.at for point in points if point.special == special]
    return max(special.starts_at, min(written, default=special.starts_at))
