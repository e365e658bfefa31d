"""A shop's shipping methods, for its members."""

from accounts.models import User
from core.errors import NotHere
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from vendors.members import access as members


def get_method(*, user: User, reference: str) -> ShippingMethod:
    method = ShippingMethod.objects.open().select_related("vendor").filter(reference=reference).first()
    if method is None or not members.allowed(user, method.vendor, "edit_profile"):
        raise NotHere
    return method
