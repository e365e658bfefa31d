"""Asking the carrier. The question goes out before any transaction begins."""

from core import clock
from core.jobs import job
from marketplace.fulfilment.carriers import registry as carriers
from marketplace.fulfilment.carriers.base import Parcel
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping import queries
from marketplace.fulfilment.kinds.shipping.models import Shipment


@job(queue="carriers")
def follow_shipment(reference: str) -> None:
    shipment = Shipment.objects.select_related("order").get(reference=reference)
    if shipment.is_final:
        return
    at = clock.now()
    events = carriers.get(shipment.carrier).events(parcel_of(shipment), at=at)
    shipping.follow(shipment=shipment, events=events, at=at)


@job(queue="carriers")
def notice_silent_carriers() -> None:
    """Carrier silent for five days: tell the buyer before the buyer has to ask."""
    at = clock.now()
    for shipment in queries.silent(at=at):
        shipping.tell_silence(shipment=shipment, at=at)


def parcel_of(shipment: Shipment) -> Parcel:
    order = shipment.order
    return Parcel(
        reference=shipment.reference,
        tracking_number=shipment.tracking_number,
        sent_at=shipment.sent_at,
        origin=order.vendor.place,
        destination=str((order.address or {}).get("city", "")),
    )
