"""What can be shipped where, and which parcels need a look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from marketplace.fulfilment.kinds.shipping import dates, zones
from marketplace.fulfilment.kinds.shipping.models import Shipment, ShippingMethod
from marketplace.fulfilment.kinds.shipping.states import MOVING
from marketplace.fulfilment.options import DeliveryOption
from marketplace.fulfilment.rates import DeliveryRate
from vendors.models import Vendor

SILENT_AFTER = timedelta(days=5)


def methods_of(vendor: Vendor) -> list[ShippingMethod]:
    """Those on offer; from memory where the caller has fetched many shops' at once."""
    return [method for method in vendor.shipping_methods.all() if method.is_active]


def rates_at_home(slugs: Collection[str]) -> dict[str, list[DeliveryRate]]:
    """What these shops take for parcels inside their own country: by slug, in one query."""
    rates: dict[str, list[DeliveryRate]] = {}
    if slugs:
        columns = ("vendor__slug", "vendor__country", "zones", "base_minor", "each_more_minor", "free_from_minor")
        for slug, country, covered, *rate in ShippingMethod.objects.open().filter(vendor__slug__in=slugs).values_list(*columns):
            if zones.covers(covered, str(country)):
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
