"""Which ways of handing over there are. Voucher, appointment and course will each add one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup import queries as pickups
from marketplace.fulfilment.kinds.shipping import queries as shipping
from marketplace.fulfilment.options import DeliveryOption
from marketplace.orders.models import HandOver, Order
from vendors.holidays import queries as holidays
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class HandOverKind:
    """`options`: what the buyer may choose; `fetch`: what that needs of many shops; `start`: what is prepared when the order is paid."""

    code: HandOver
    options: Callable[[Vendor, str, datetime], list[DeliveryOption]]
    fetch: Callable[[list[Vendor]], None]
    start: Callable[[Order], object] | None = None


def _parcels(vendor: Vendor, country: str, at: datetime) -> list[DeliveryOption]:
    handling_days = holidays.handling_days(vendor, at=at)
    return shipping.options(vendor=vendor, methods=shipping.methods_of(vendor), country=country, handling_days=handling_days, at=at)


def _pickups(vendor: Vendor, country: str, at: datetime) -> list[DeliveryOption]:
    return pickups.options(places=pickups.places_of(vendor))


KINDS = {
    kind.code: kind
    for kind in (
        HandOverKind(HandOver.PARCEL, _parcels, shipping.fetch_methods),
        HandOverKind(HandOver.PICKUP, _pickups, pickups.fetch_places, start=lambda order: pickup.prepare(order=order)),
    )
}


def get(code: str) -> HandOverKind:
    return KINDS[HandOver(code)]


def fetch_offers(code: str, vendors: list[Vendor]) -> None:
    """For many shops at once, before `options` is asked for each."""
    if vendors:
        get(code).fetch(vendors)


def options(*, vendor: Vendor, hand_overs: Iterable[str], country: str, at: datetime) -> list[DeliveryOption]:
    """Every way in which this seller hands over all of these things to this country, cheapest kinds as the seller listed them."""
    wanted = set(hand_overs)
    return [option for kind in KINDS.values() if kind.code in wanted for option in kind.options(vendor, country, at)]


def ways_to_read(vendor: Vendor) -> dict[str, QuerySet[Any, Any]]:
    """What `has_a_way` looks at, by the shop's name for it: for a page that reads it together with others (core.together)."""
    return {"shipping_methods": vendor.shipping_methods.all(), "pickup_places": vendor.pickup_places.all()}


def has_a_way(vendor: Vendor) -> bool:
    """Without a delivery method or a pickup place nobody can check out."""
    return bool(shipping.methods_of(vendor) or pickups.places_of(vendor))
