from __future__ import annotations

from accounts.models import User
from core.errors import NotHere
from marketplace.importing.models import Import
from vendors.members import access as members


def get_for(user: User, *, reference: str, permission: str = "edit_listings") -> Import:
    """The import of a shop in which this person may do this; whatever else there is looks like nothing."""
    batch = Import.objects.select_related("vendor", "user").filter(reference=reference.upper()).first()
    if batch is None or not members.allowed(user, batch.vendor, permission):
        raise NotHere()
    return batch
