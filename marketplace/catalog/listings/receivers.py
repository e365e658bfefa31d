from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.signals import listing_changed
from marketplace.catalog.listings.states import ON_SHOW
from vendors.models import Vendor
from vendors.profiles.signals import vendor_activated, vendor_changed, vendor_paused


@receiver([vendor_activated, vendor_paused, vendor_changed], dispatch_uid="announce_listings_when_vendor_changed")
def announce_listings_when_vendor_changed(vendor: Vendor, **_: Any) -> None:
    """A shop that opens, rests or renames itself changes the pages of all its listings."""
    for listing_id in Listing.objects.filter(vendor=vendor, state__in=ON_SHOW).values_list("pk", flat=True):
        listing_changed.send(sender=Listing, listing_id=listing_id)
