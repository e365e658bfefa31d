"""Every deadline of a hold, and what silence does when it passes. Imports no Django.

All deadlines give way to the provider's limit: a hold never outlives the time in which its money could still be given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SHIPPING_GRACE: Final = timedelta(days=14)
ARRIVAL: Final = timedelta(days=30)
EXTENSION: Final = timedelta(days=7)
ARBITER: Final = timedelta(days=60)
CLOSING: Final = timedelta(days=30)
CLOSING_RETRY: Final = timedelta(days=1)
REMIND_BEFORE: Final = timedelta(days=3)
RESUMED_AT_LEAST: Final = timedelta(days=3)
LIMIT_MARGIN: Final = timedelta(days=14)
INSPECTION_DAYS: Final = {"parcel": 14, "pickup": 2}
INSPECTION_RANGE: Final = {"parcel": (3, 30), "pickup": (1, 30)}

# What silence does: the moves that a deadline makes by itself.
EXPIRE, REFUND, DISPUTE, RELEASE, SETTLE, FORCE, CLOSE = "expire", "refund", "dispute", "release", "settle", "force", "close"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When silence decides, what it does, and when somebody is reminded before."""

    due_at: datetime
    due_move: str
    remind_at: datetime | None = None


def limit_of(*, days: int, paid_at: datetime) -> datetime:
    """The last moment at which the hold may still be undecided, where money can wait or go back for so many days: two weeks before
    they are over, but never more than a third of them."""
    whole = timedelta(days=days)
    return paid_at + whole - min(LIMIT_MARGIN, whole / 3)


def _within(limit_at: datetime | None, *, at: datetime, due_at: datetime, move: str, remind: bool = True) -> Deadline:
    if limit_at is not None and due_at > limit_at:
        due_at, move = max(limit_at, at), FORCE
    notice = min(REMIND_BEFORE, (due_at - at) / 2)
    return Deadline(due_at, move, due_at - notice if remind else None)


def until_payment(expires_at: datetime) -> Deadline:
    """Unpaid: the payment's own end. Only the provider's word that it is closed moves the hold, never this clock alone."""
    return Deadline(expires_at, EXPIRE)


def after_funding(*, at: datetime, handling_days: int, limit_at: datetime | None) -> Deadline:
    """Paid and not sent: handling time and two weeks of grace, then the money goes back."""
    return _within(limit_at, at=at, due_at=at + timedelta(days=handling_days) + SHIPPING_GRACE, move=REFUND)


def after_shipping(*, at: datetime, limit_at: datetime | None) -> Deadline:
    """Sent and never seen again: after thirty days an issue opens by itself."""
    return _within(limit_at, at=at, due_at=at + ARRIVAL, move=DISPUTE)


def after_delivery(*, at: datetime, inspection_days: int, limit_at: datetime | None) -> Deadline:
    """Delivered and the buyer silent: the seller is paid."""
    return _within(limit_at, at=at, due_at=at + timedelta(days=inspection_days), move=RELEASE)


def extended(*, at: datetime, due_at: datetime, limit_at: datetime | None) -> Deadline:
    """The buyer's one extension."""
    return _within(limit_at, at=at, due_at=due_at + EXTENSION, move=RELEASE)


def postponed(*, at: datetime, due_at: datetime, move: str, limit_at: datetime | None) -> Deadline:
    """The same silence, later; or with the clock of the part that came first."""
    return _within(limit_at, at=at, due_at=due_at, move=move)


def waiting_for_return(*, at: datetime, until: datetime, limit_at: datetime | None) -> Deadline:
    """Goods travel back, and the return has clocks of its own; nobody is reminded of this one."""
    return _within(limit_at, at=at, due_at=until, move=RELEASE, remind=False)


def after_dispute(*, at: datetime, limit_at: datetime | None) -> Deadline:
    """An open issue that nobody decides: sixty days, or the provider's limit."""
    return _within(limit_at, at=at, due_at=at + ARBITER, move=SETTLE, remind=False)


def resumed(*, at: datetime, left: timedelta, move: str, limit_at: datetime | None) -> Deadline:
    """The issue is withdrawn: the frozen time runs on, but never less than three days of it."""
    return _within(limit_at, at=at, due_at=at + max(left, RESUMED_AT_LEAST), move=move)


def after_end(*, at: datetime) -> Deadline:
    """Decided: kept open for thirty days, then closed if it is empty and its refunds arrived."""
    return Deadline(at + CLOSING, CLOSE)


def closing_again(*, at: datetime) -> Deadline:
    """Something of it is still on the way: look again tomorrow."""
    return Deadline(at + CLOSING_RETRY, CLOSE)
