from __future__ import annotations

from marketplace.catalog.alarms.models import StockAlarm
from vendors.models import Vendor


def threshold_of(vendor: Vendor) -> int | None:
    """The shop's own threshold; None when it does not want to be told."""
    return StockAlarm.objects.filter(vendor=vendor).values_list("threshold", flat=True).first()
