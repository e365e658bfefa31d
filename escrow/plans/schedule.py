"""How a price is divided into parts, and when each is due. Imports no Django.

Amounts go by largest remainder and add up exactly; so does every line of the trade over the parts, with its commission.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.money import exponent, largest_remainder
from escrow.holds import split
from escrow.holds.split import Left, Piece

REMIND_BEFORE = timedelta(days=3)
REMIND_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a seller offers. `weights` are percentages, or ones for equal parts; `days` lie between two parts, 0 means a month."""

    kind: str
    weights: tuple[int, ...]
    names: tuple[str, ...] = ()
    days: int = 0
    ships: str = "paid"
    late: str = "refund"
    grace_days: int = 7


@dataclass(frozen=True, slots=True)
class Due:
    """One part: how much, by when, and the end of the days of grace."""

    position: int
    name: str
    amount_minor: int
    due_at: datetime
    decide_at: datetime


def divide(terms: Terms, *, total_minor: int, at: datetime) -> list[Due]:
    """The parts of this price when the first is paid at `at`."""
    amounts = largest_remainder(total_minor, terms.weights)
    days = [_date_of(terms, position, at) for position in range(len(amounts))]
    names = terms.names or ("",) * len(amounts)
    grace = timedelta(days=terms.grace_days)
    return [Due(n, name, amount, due, due + grace) for n, (name, amount, due) in enumerate(zip(names, amounts, days, strict=True), start=1)]


def is_possible(terms: Terms, *, total_minor: int, currency: str) -> bool:
    """Whether every part is worth a payment: one major unit at least."""
    least: int = 10 ** exponent(currency)
    return min(largest_remainder(total_minor, terms.weights)) >= least


def last_day(terms: Terms) -> int:
    """The most days from the first part to the end of the last one's grace."""
    steps = len(terms.weights) - 1
    return steps * (terms.days or 31) + terms.grace_days


def _date_of(terms: Terms, position: int, at: datetime) -> datetime:
    return at + timedelta(days=terms.days * position) if terms.days else _months_later(at, position)


def _months_later(at: datetime, months: int) -> datetime:
    year, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + year, month + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))


def reminders(due_at: datetime) -> tuple[tuple[str, datetime], ...]:
    """When the buyer is reminded, in order."""
    return ("before", due_at - REMIND_BEFORE), ("on", due_at), ("after", due_at + REMIND_AFTER)


def over_parts(wholes: Sequence[Left], amounts: Sequence[int]) -> list[list[Piece]]:
    """Cut every line of a trade into the parts of its plan: a list of pieces per part, in the order of the lines."""
    left, cuts = list(wholes), []
    for amount in amounts:
        sizes = split.spread(amount, [line.amount_minor for line in left])
        pieces = [split.cut(line, size) if size else Piece() for line, size in zip(left, sizes, strict=True)]
        left = [_less(line, piece) for line, piece in zip(left, pieces, strict=True)]
        cuts.append(pieces)
    return cuts


def _less(line: Left, piece: Piece) -> Left:
    return replace(
        line,
        cash_minor=line.cash_minor - piece.cash_minor,
        coupon_minor=line.coupon_minor - piece.coupon_minor,
        points_minor=line.points_minor - piece.points_minor,
        commission_minor=line.commission_minor - piece.commission_minor,
        tax_minor=line.tax_minor - piece.tax_minor,
    )
