"""A shop's shipping methods, for its members."""

from accounts.models import User
from core.errors import NotHere
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from vendors.members import access as members


def get_method(*, user: User, reference: str, permission: str = "edit_profile") -> ShippingMethod:
    method = ShippingMethod.objects.open().select_related("vendor").filter(reference=reference).first()
    if method is None or not members.allowed(user, method.vendor, permission):
        raise NotHere
    return method
