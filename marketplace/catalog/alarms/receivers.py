from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from marketplace.catalog.alarms import operations as alarms
from marketplace.catalog.stock.signals import units_counted


@receiver(units_counted, dispatch_uid="watch_stock_when_units_counted")
def watch_stock_when_units_counted(*, variant_ids: Sequence[int], at: datetime, **_rest: Any) -> None:
    alarms.watch(variant_ids=variant_ids, at=at)
