"""What can be shipped where, and which parcels need a look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.compiled import Asked, attach, compiled
from core.rows import columns_of, row_of
from marketplace.fulfilment.kinds.shipping import dates, zones
from marketplace.fulfilment.kinds.shipping.models import Shipment, ShippingMethod, TrackingEvent
from marketplace.fulfilment.kinds.shipping.states import MOVING
from marketplace.fulfilment.options import DeliveryOption
from marketplace.fulfilment.rates import DeliveryRate
from vendors.models import Vendor

SILENT_AFTER = timedelta(days=5)

# Two questions of pages that people look at most of all, so written by hand.
ON_OFFER = f"""
SELECT {columns_of(ShippingMethod, "m")} FROM marketplace_shippingmethod m
 WHERE m.vendor_id = %s AND m.is_active ORDER BY m.position, m.base_minor, m.id
"""  # noqa: S608  # our own names
AT_HOME = """
SELECT v.slug, m.base_minor, m.each_more_minor, m.free_from_minor
  FROM marketplace_shippingmethod m JOIN vendors_vendor v ON v.id = m.vendor_id
 WHERE v.slug = ANY(%s) AND m.is_active AND m.zones ?| ARRAY[v.country, '*']
"""


def fetch_methods(vendors: list[Vendor]) -> None:
    """Of many shops, in one query."""
    attach(vendors, "shipping_methods", _of_vendors([vendor.pk for vendor in vendors]), by="vendor")


@compiled
def _of_vendors(vendor_ids: list[int]) -> QuerySet[ShippingMethod]:
    return ShippingMethod.objects.filter(vendor_id__in=vendor_ids)


def news_asked(shipment: Shipment) -> Asked[TrackingEvent]:
    """The carrier's words about a parcel, the latest first: to be asked with other things."""
    return _news_of.asked(shipment.pk)


@compiled
def _news_of(shipment_id: int) -> QuerySet[TrackingEvent]:
    return TrackingEvent.objects.filter(shipment_id=shipment_id)


def methods_of(vendor: Vendor) -> list[ShippingMethod]:
    """Those on offer; from memory where the caller has fetched many shops' at once."""
    return [method for method in vendor.shipping_methods.all() if method.is_active]


def on_offer(vendor_id: int) -> list[ShippingMethod]:
    """One shop's, for the page of something that it sells."""
    with connection.cursor() as cursor:
        cursor.execute(ON_OFFER, [vendor_id])
        return [row_of(ShippingMethod, row) for row in cursor.fetchall()]


def rates_at_home(slugs: Collection[str]) -> dict[str, list[DeliveryRate]]:
    """What these shops take for parcels inside their own country: by slug, in one query."""
    rates: dict[str, list[DeliveryRate]] = {}
    if slugs:
        with connection.cursor() as cursor:
            cursor.execute(AT_HOME, [list(slugs)])
            for slug, *rate in cursor.fetchall():
                rates.setdefault(slug, []).append(DeliveryRate(*rate))
    return rates


def options(*, vendor: Vendor, methods: Iterable[ShippingMethod], country: str, handling_days: int, at: datetime) -> list[DeliveryOption]:
    return [option_of(method, handling_days=handling_days, at=at) for method in methods if not country or zones.covers(method.zones, country)]


def option_of(method: ShippingMethod, *, handling_days: int, at: datetime) -> DeliveryOption:
    arrival = dates.arrival(ordered_on=at.date(), handling_days=handling_days, days_min=method.days_min, days_max=method.days_max)
    return DeliveryOption(
        code=f"parcel:{method.reference}",
        kind="parcel",
        name=method.name,
        rate=method.rate,
        earliest=arrival.earliest,
        latest=arrival.latest,
        hint=_("Tracked"),
        facts={"carrier": method.carrier, "method": method.reference},
    )


def silent(*, at: datetime) -> list[Shipment]:
    waiting = Shipment.objects.filter(state__in=MOVING, last_news_at__lt=at - SILENT_AFTER, order__state="shipped")
    return list(waiting.select_related("order", "order__vendor")[:500])
