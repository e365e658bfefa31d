"""The words and amounts of a paper, frozen as JSON when it is written.

{"issuer": {"name", "legal_name", "registration_number", "is_business", "lines": [address]},
 "buyer": {"name", "email", "lines": [address]},
 "order": "S-4821-3077", "ordered_on", "supplied_on", "issued_on": "2026-11-22",
 "lines": [{"part": the hold part's line, "title", "choice", "quantity", "amount_minor", "tax_bp", "tax_minor"}],
 "corrects": "R-2026-00017" (credit notes)}
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.addresses import rules
from accounts.addresses.rules import AddressData
from core.money import cumulative_share
from marketplace.orders.models import Order
from vendors.models import Vendor

Line = dict[str, Any]


def of_order(order: Order, lines: Sequence[Line], **more: Any) -> dict[str, Any]:
    """Everything of a paper but its number."""
    supplied = order.shipped_at or order.delivered_at or order.ended_at
    assert supplied is not None
    return {
        "issuer": issuer_of(order.vendor),
        "buyer": {
            "name": order.buyer_name,
            "email": order.email,
            "lines": rules.lines(AddressData(**order.address)) if order.address else [order.buyer_name],
        },
        "order": order.number,
        "ordered_on": day(order.placed_at, order.vendor),
        "supplied_on": day(supplied, order.vendor),
        "lines": list(lines),
        **more,
    }


def issuer_of(vendor: Vendor) -> dict[str, Any]:
    """The shop as the law wants it named; a private person's address is nobody's business."""
    lines = rules.lines(AddressData(**vendor.address)) if vendor.address else []
    return {
        "name": vendor.name,
        "legal_name": vendor.legal_name,
        "registration_number": vendor.registration_number,
        "is_business": vendor.is_business,
        "lines": lines if vendor.is_business else [],
    }


def market() -> dict[str, Any]:
    """The operator of the market, as its settings name it."""
    name, *lines = settings.OPERATOR
    return {"name": name, "legal_name": "", "registration_number": "", "is_business": True, "lines": lines}


def day(moment: datetime, vendor: Vendor) -> str:
    """The date in the shop's own zone."""
    return moment.astimezone(zoneinfo.ZoneInfo(vendor.time_zone)).date().isoformat()


def lines_of(order: Order) -> list[Line]:
    """What was sold, and its delivery, each with the tax that its price contains."""
    lines = [
        {
            "part": line.reference,
            "title": line.title,
            "choice": line.choice,
            "quantity": line.quantity,
            "amount_minor": line.total_minor,
            "tax_bp": line.tax_bp,
            "tax_minor": line.tax_minor,
        }
        for line in order.lines.all()
    ]
    if order.delivery_minor:
        rate = lines[0]["tax_bp"] if lines else 0
        tax = order.tax_minor - sum(line["tax_minor"] for line in lines)
        delivery = {"part": f"delivery:{order.reference}", "title": "", "choice": "", "quantity": 1}
        lines.append({**delivery, "amount_minor": order.delivery_minor, "tax_bp": rate, "tax_minor": tax})
    return lines


def corrections(invoiced: Sequence[Line], *, before: Mapping[str, int], now: Mapping[str, int]) -> list[Line]:
    """What was given back since the last correction, line by line.

    `before` and `now`: minor units given back by part, then and now. The tax goes by cumulative proportion, so that corrections in any
    number add up to the invoice's own tax.
    """
    lines = []
    for line in invoiced:
        was, is_now, whole = before.get(line["part"], 0), now.get(line["part"], 0), line["amount_minor"]
        if is_now > was:
            tax = cumulative_share(line["tax_minor"], is_now, whole) - cumulative_share(line["tax_minor"], was, whole)
            lines.append({**line, "amount_minor": is_now - was, "tax_minor": tax})
    return lines
