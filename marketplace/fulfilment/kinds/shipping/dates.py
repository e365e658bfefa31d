"""When a parcel arrives: business days after the seller's handling time. Weekends do not count."""

from dataclasses import dataclass
from datetime import date

from core.business_days import business_days_after


@dataclass(frozen=True, slots=True)
class Arrival:
    earliest: date
    latest: date


def arrival(*, ordered_on: date, handling_days: int, days_min: int, days_max: int) -> Arrival:
    return Arrival(
        earliest=business_days_after(ordered_on, handling_days + days_min),
        latest=business_days_after(ordered_on, handling_days + max(days_min, days_max)),
    )
