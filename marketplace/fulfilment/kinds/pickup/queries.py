"""Where a shop's things can be picked up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from core.compiled import attach, compiled
from marketplace.fulfilment.kinds.pickup import code as codes
from marketplace.fulfilment.kinds.pickup.models import Pickup, PickupPlace
from marketplace.fulfilment.options import DeliveryOption
from marketplace.fulfilment.rates import DeliveryRate
from marketplace.orders.models import Order
from vendors.models import Vendor


def fetch_places(vendors: list[Vendor]) -> None:
    """Of many shops, in one query."""
    attach(vendors, "pickup_places", _of_vendors([vendor.pk for vendor in vendors]), by="vendor")


@compiled
def _of_vendors(vendor_ids: list[int]) -> QuerySet[PickupPlace]:
    return PickupPlace.objects.filter(vendor_id__in=vendor_ids)


def places_of(vendor: Vendor) -> list[PickupPlace]:
    """Those that are open; from memory where the caller has fetched many shops' at once."""
    return [place for place in vendor.pickup_places.all() if place.is_active]


def options(*, places: Iterable[PickupPlace]) -> list[DeliveryOption]:
    return [
        DeliveryOption(
            code=f"pickup:{place.reference}",
            kind="pickup",
            name=f"{place.name}, {place.city}",
            rate=DeliveryRate(),
            hint=place.hours,
            facts={"place": place.snapshot()},
        )
        for place in places
    ]


def qr_svg(code: str) -> str:
    """The code as a picture for the seller's camera: plain SVG without styles or scripts."""
    return str(segno.make(codes.PREFIX + code, micro=False).svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))


@dataclass(frozen=True, slots=True)
class HandOverCode:
    """What the buyer shows: in letters and as a picture."""

    shown: str
    qr: SafeString
    is_blocked: bool
    ready_at: datetime | None


def hand_over_code(order: Order) -> HandOverCode | None:
    """The code of an order that waits to be picked up; for its buyer only."""
    row = Pickup.objects.filter(order=order).first() if order.is_pickup and order.is_before_hand_over else None
    if row is None:
        return None
    letters = row.code
    return HandOverCode(codes.shown(letters), mark_safe(qr_svg(letters)), row.is_blocked, row.ready_at)  # noqa: S308 (our own picture)
