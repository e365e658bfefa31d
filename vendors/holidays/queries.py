"""How long a parcel takes to leave while its shop is away."""

from __future__ import annotations

from datetime import datetime

from core.business_days import business_days_until
from vendors.policies import queries as policies
from vendors.profiles.models import Vendor


def handling_days(vendor: Vendor, *, at: datetime) -> int:
    """Working days until what is bought now leaves: the shop's promise, counted from its last day away when it sells during a holiday."""
    promised = policies.of(vendor).handling_days
    last = vendor.last_day_away
    if last is None or not vendor.is_away_and_sells(at):
        return promised
    return promised + business_days_until(at.astimezone(vendor.zone).date(), last)
