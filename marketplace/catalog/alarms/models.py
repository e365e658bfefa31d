from __future__ import annotations

from django.db import models


class StockAlarm(models.Model):
    """From how many on hand downwards a shop wants to be told. None, or no row: only of the variants that say so themselves."""

    vendor = models.OneToOneField("vendors.Vendor", on_delete=models.CASCADE, related_name="stock_alarm")
    threshold = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.vendor_id}: {self.threshold}"
