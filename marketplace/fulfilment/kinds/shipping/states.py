"""The life of a parcel, in the twelve states that carriers' vocabularies agree on.

Carriers may report anything after anything, so only the ends are strict.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class ShipmentState(TextChoices):
    PENDING = "pending", _("Announced to the carrier")
    PICKED_UP = "picked_up", _("With the carrier")
    IN_TRANSIT = "in_transit", _("On the road")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("Waiting at the parcel point")
    DELIVERY_DELAYED = "delivery_delayed", _("Delayed")
    DELIVERY_FAILED = "delivery_failed", _("Delivery was tried")
    ON_HOLD = "on_hold", _("Held by the carrier")
    UNKNOWN = "unknown", _("No news")
    DELIVERED = "delivered", _("Delivered")
    RETURN_TO_SENDER = "return_to_sender", _("On its way back")
    CANCELLED = "cancelled", _("Cancelled")


S = ShipmentState
MOVING = tuple(state for state in S if state not in (S.DELIVERED, S.RETURN_TO_SENDER, S.CANCELLED))
TROUBLED = frozenset({S.DELIVERY_FAILED, S.ON_HOLD, S.RETURN_TO_SENDER, S.CANCELLED})

FLOW = Flow(
    name="shipment",
    states=ShipmentState,
    initial=S.PENDING,
    moves=[Move(f"report_{state}", MOVING, state, by=("carrier", "staff")) for state in S],
    waiting={state: Waiting("carrier") for state in MOVING},
    final=frozenset({S.DELIVERED, S.RETURN_TO_SENDER, S.CANCELLED}),
)
