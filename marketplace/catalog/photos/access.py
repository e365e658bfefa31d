from __future__ import annotations

from accounts.models import User
from core.errors import NotHere
from marketplace.catalog.listings import access as listings
from marketplace.catalog.photos.models import Photo


def get_for(user: User, *, listing_reference: str, reference: str) -> Photo:
    """A photo of this very listing, for somebody who may edit the listing."""
    listing = listings.get_for(user, reference=listing_reference)
    photo = listing.photos.filter(reference=reference).select_related("listing").first()
    if photo is None:
        raise NotHere()
    return photo
