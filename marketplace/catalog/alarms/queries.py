from __future__ import annotations

from django.db.models import QuerySet

from marketplace.catalog.alarms.models import StockAlarm
from vendors.models import Vendor


def threshold_of(vendor: Vendor) -> QuerySet[StockAlarm, int | None]:
    """The shop's own threshold, in one row or none; nothing when it does not want to be told."""
    return StockAlarm.objects.filter(vendor=vendor).order_by("pk").values_list("threshold", flat=True)
