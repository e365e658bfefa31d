"""What proves a delivery, in the words that banks ask for."""

from __future__ import annotations

from typing import Any

from escrow.models import Hold
from marketplace.orders.models import Order


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
