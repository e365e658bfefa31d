"""What proves a delivery: in the words that banks ask for, and as the facts of a dispute."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from escrow.models import Hold
from marketplace.orders.models import Order, OrderLine

LONGEST_DESCRIPTION = 3000


def of_delivery(hold: Hold) -> dict[str, str]:
    """What was sold, to whom, and how it went there; only what we know."""
    order = Order.objects.select_related("user", "shipment").prefetch_related("lines").filter(hold=hold).first()
    if order is None:
        return {}
    known = {
        "product_description": "\n".join(f"{order.number}: {line}" for line in order.lines.all()),
        "customer_name": order.buyer_name,
        "customer_email": order.email or (order.user.email if order.user else ""),
        "shipping_address": _address(order.address),
        **_parcel(order),
    }
    if order.delivered_at:
        known["service_date"] = f"{order.delivered_at:%Y-%m-%d}"
    if story := _story(order):
        known["summary"] = story
    return {name: words for name, words in known.items() if words}


def _address(address: dict[str, Any] | None) -> str:
    return ", ".join(str(line) for line in (address or {}).values() if line)


def _parcel(order: Order) -> dict[str, str]:
    parcel = getattr(order, "shipment", None)
    if parcel is None:
        return {}
    return {
        "shipping_carrier": parcel.carrier,
        "shipping_tracking_number": parcel.tracking_number,
        "shipping_date": f"{parcel.sent_at:%Y-%m-%d}",
    }


def _story(order: Order) -> str:
    """The dates of the order, as our records have them."""
    said = [(order.placed_at, "ordered"), (order.paid_at, "paid"), (order.shipped_at, "sent"), (order.delivered_at, "delivered")]
    lines = [f"{moment:%Y-%m-%d %H:%M} UTC: {word}" for moment, word in said if moment]
    return f"Order {order.number}. " + "; ".join(lines) if lines else ""


def facts_of(hold: Hold) -> list[tuple[str, str]]:
    """What we know by ourselves about the trade of this hold: titles are translated when they are read, the records stay as they are."""
    orders = Order.objects.select_related("shipment", "pickup").prefetch_related("lines__listing_version", "shipment__events", "events")
    order = orders.filter(Q(hold=hold) | Q(plan__parts__hold=hold)).order_by().first()
    if order is None:
        return []
    known = [
        (_("As it was listed"), "\n\n".join(_as_listed(line) for line in order.lines.all())),
        (_("What happened to the order"), _events(order)),
        (_("What the carrier said"), _tracking(order)),
        (_("The hand-over code"), _hand_over(order)),
    ]
    return [(title, words) for title, words in known if words]


def _as_listed(line: OrderLine) -> str:
    version = line.listing_version
    said = [
        f"{line.quantity} × {line.title}" + (f" ({line.choice})" if line.choice else "") + f", {line.unit} each",
        f"Version {version.number} of the listing, {version.at:%Y-%m-%d %H:%M} UTC",
        f"Condition: {line.condition}" if line.condition else "",
        str(version.body.get("description", ""))[:LONGEST_DESCRIPTION],
    ]
    return "\n".join(part for part in said if part)


def _events(order: Order) -> str:
    return "\n".join(f"{event.at:%Y-%m-%d %H:%M} UTC: {event.name} ({event.actor_kind})" for event in order.events.all())


def _tracking(order: Order) -> str:
    parcel = getattr(order, "shipment", None)
    if parcel is None:
        return ""
    said = sorted(parcel.events.all(), key=lambda event: (event.occurred_at, event.pk))
    lines = [f"{event.occurred_at:%Y-%m-%d %H:%M} UTC: {event.state}, {event.words} {event.place}".strip(" ,") for event in said]
    return "\n".join([f"{parcel.carrier} {parcel.tracking_number}, sent {parcel.sent_at:%Y-%m-%d %H:%M} UTC", *lines])


def _hand_over(order: Order) -> str:
    meeting = getattr(order, "pickup", None)
    if meeting is None:
        return ""
    said = [(meeting.ready_at, "ready"), (meeting.buyer_confirmed_at, "the buyer's code was entered"), (meeting.seller_confirmed_at, "handed over")]
    lines = [f"{moment:%Y-%m-%d %H:%M} UTC: {word}" for moment, word in said if moment]
    return "\n".join([*lines, f"Wrong codes: {meeting.attempts}"])
