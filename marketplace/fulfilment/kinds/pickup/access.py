"""A shop's pickup places, for its members."""

from accounts.models import User
from core.errors import NotHere
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from vendors.members import access as members


def get_place(*, user: User, reference: str) -> PickupPlace:
    place = PickupPlace.objects.open().select_related("vendor").filter(reference=reference).first()
    if place is None or not members.allowed(user, place.vendor, "edit_profile"):
        raise NotHere
    return place
