from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.statements import operations as statements
from vendors.models import Vendor


@job()
def close_months() -> None:
    """Once a day: months that are over somewhere."""
    at = clock.now()
    for vendor in Vendor.objects.select_related("party").order_by("id").iterator(chunk_size=500):
        statements.close_due(vendor=vendor, at=at)
