"""What a shop can do to hand things over."""

from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from vendors.models import Vendor


def has_a_way(vendor: Vendor) -> bool:
    """Without a delivery method or a pickup place nobody can check out."""
    return ShippingMethod.objects.open().filter(vendor=vendor).exists() or PickupPlace.objects.open().filter(vendor=vendor).exists()
