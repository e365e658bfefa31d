"""How long each side of a return has, and how long things may come back at all. Imports no Django."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

# From each state: how long, and the move that silence makes.
SILENCE: Final = {
    "requested": (timedelta(days=5), "approve"),
    "approved": (timedelta(days=14), "lapse"),
    "sent": (timedelta(days=21), "accept"),
    "arrived": (timedelta(days=5), "accept"),
    "deducted": (timedelta(days=5), "settle"),
    "objected": (timedelta(days=30), "rule"),
    "replacing": (timedelta(days=7), "fall_back"),
    "replaced": (timedelta(days=14), "finish"),
}
BEHIND: Final = timedelta(days=3)  # the hold's wall stands this far behind the return's own clock
WITHDRAWAL_DAYS: Final = 14  # against a business, without a reason
CONSENT_DAYS: Final = 30  # so long a seller without a duty can be asked
TRY_AGAIN_AFTER: Final = timedelta(hours=1)


def deadline(state: str, *, at: datetime, of_right: bool = True) -> tuple[datetime | None, str]:
    """When silence decides in this state, and what; nothing after the end."""
    if state not in SILENCE:
        return None, ""
    long, move = SILENCE[state]
    return at + long, "decline" if move == "approve" and not of_right else move


def wall(due_at: datetime) -> datetime:
    """Until when the money may wait for this step."""
    return due_at + BEHIND


def days_of_right(*, is_business: bool, promised_days: int) -> int:
    """For how many days after the delivery the buyer may send things back without asking for a favour."""
    return max(promised_days, WITHDRAWAL_DAYS if is_business else 0)


def is_of_right(*, delivered_at: datetime, at: datetime, days: int) -> bool:
    """Whether the right still stands."""
    return at < delivered_at + timedelta(days=days)


def may_be_asked(*, delivered_at: datetime, at: datetime, days: int) -> bool:
    """Whether the seller can be asked at all."""
    return at < delivered_at + timedelta(days=max(days, CONSENT_DAYS))
