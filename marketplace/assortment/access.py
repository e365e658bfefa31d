from __future__ import annotations

from accounts.models import User
from core.errors import NotHere
from marketplace.assortment.models import BulkChange
from vendors.members import access as members


def get_for(user: User, *, reference: str) -> BulkChange:
    """A change in a shop whose listings this person may edit; anything else is not here."""
    change = BulkChange.objects.select_related("vendor").filter(reference=reference.upper()).first()
    if change is None or not members.allowed(user, change.vendor, "edit_listings"):
        raise NotHere
    return change
