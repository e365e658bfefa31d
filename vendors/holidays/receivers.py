from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.actors import SYSTEM
from vendors.holidays import operations as holidays
from vendors.profiles.models import Vendor
from vendors.profiles.signals import vendor_activated


@receiver(vendor_activated, dispatch_uid="forget_holiday_when_vendor_activated")
def forget_holiday_when_vendor_activated(*, vendor: Vendor, at: datetime, **_rest: Any) -> None:
    """Whoever opens the doors by hand is home."""
    holidays.forget(vendor=vendor, actor=SYSTEM, at=at)
