"""A shop's pickup places, for its members."""

from accounts.models import User
from core.errors import NotHere
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from vendors.members import access as members


def get_place(*, user: User, reference: str, permission: str = "edit_profile") -> PickupPlace:
    place = PickupPlace.objects.open().select_related("vendor").filter(reference=reference).first()
    if place is None or not members.allowed(user, place.vendor, permission):
        raise NotHere
    return place
