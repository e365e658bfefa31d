"""Every deadline of a dispute. Pure.

The seller answers within three working days of the shop's own zone, the buyer may take it to the desk from the fourth day, on the seventh it
goes there by itself; then three days for evidence, a decision within two, and three days in which either side may appeal before money moves.
After that the buyer may appeal until the thirtieth day; our team has two weeks for this second look.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.business_days import end_of_business_day

ANSWER_BUSINESS_DAYS: Final = 3
BUYER_MAY_ESCALATE: Final = timedelta(days=3)  # from the fourth day
TALKS: Final = timedelta(days=7)
EVIDENCE: Final = timedelta(days=3)
DECISION: Final = timedelta(hours=48)
STANDSTILL: Final = timedelta(days=3)
APPEAL: Final = timedelta(days=30)  # from the day the ruling stood
SECOND_LOOK: Final = timedelta(days=14)
SHIP_BACK: Final = timedelta(days=14)
WAY_BACK: Final = timedelta(days=14)
PROPOSAL: Final = timedelta(days=3)
REMIND_BEFORE: Final = timedelta(hours=24)


def answer_by(opened_at: datetime, zone: str) -> datetime:
    """Never later than the day on which it goes to the desk anyway."""
    return min(end_of_business_day(opened_at, ANSWER_BUSINESS_DAYS, zone), opened_at + TALKS)


def talks_end(opened_at: datetime) -> datetime:
    return opened_at + TALKS


def buyer_may_escalate_from(opened_at: datetime) -> datetime:
    return opened_at + BUYER_MAY_ESCALATE


def within(limit_at: datetime | None, due_at: datetime) -> datetime:
    """No deadline outlives the time in which the money could still be given back."""
    return min(due_at, limit_at) if limit_at else due_at
