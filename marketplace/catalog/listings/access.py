from __future__ import annotations

from accounts.models import User
from core import locks
from core.errors import NotHere
from marketplace.catalog.listings.models import Listing, Variant
from vendors.members import access as members


def get_for(user: User, *, reference: str, permission: str = "edit_listings", lock: bool = False) -> Listing:
    """The listing of a shop in which this person may do this; whatever else there is looks like nothing."""
    found = Listing.objects.select_related("vendor", "category").filter(reference=reference)
    listing = found.first()
    if listing is None or not members.allowed(user, listing.vendor, permission):
        raise NotHere()
    if lock:
        locks.rows(Listing.objects.filter(pk=listing.pk))
        listing.refresh_from_db()
    return listing


def variant_of(listing: Listing, *, reference: str) -> Variant:
    """A variant of this very listing, still offered."""
    variant = listing.variants.offered().filter(reference=reference).first()
    if variant is None:
        raise NotHere()
    return variant
