from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.catalog.alarms import notices
from marketplace.catalog.listings.models import Variant


@job(queue="mail")
def tell_low_stock(reference: str, since: str) -> None:
    """Tell the shop of one crossing; when the variant is gone there is nothing to tell."""
    variant = Variant.objects.offered().select_related("listing__vendor").filter(reference=reference).first()
    if variant is not None:
        notices.tell_low_stock(variant=variant, since=since, at=clock.now())
