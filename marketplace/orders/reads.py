"""The order as operations and single pages read it: with everything around it, in two statements that are written once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.compiled import Asked, attach, compiled
from escrow.models import Hold
from marketplace.orders.models import Order, OrderEvent, OrderLine


class SoldLine(NamedTuple):
    """What was sold, as it was sold."""

    reference: str
    variant: str
    listing: str
    title: str
    options: dict[str, str]
    quantity: int
    unit_minor: int
    total_minor: int
    tax_minor: int
    cancelled: int

    @classmethod
    def of(cls, line: OrderLine) -> SoldLine:
        variant = line.variant
        amounts = line.quantity, line.unit_minor, line.total_minor, line.tax_minor, line.cancelled
        return cls(line.reference, variant.reference, variant.listing.reference, line.title, line.options, *amounts)


class Happened(NamedTuple):
    """A line of the timeline."""

    name: str
    at: datetime
    facts: dict[str, Any]


def bare(reference: str) -> Order | None:
    """The order alone: enough to know whose it is, before an operation locks and reads it again."""
    return next(iter(_bare(reference)), None)


def put_in_hand(order: Order) -> None:
    """The hold's next announcement finds this order, which its mover has locked and read a moment ago, instead of reading it again."""
    order.hold.__dict__["order_in_hand"] = order


def in_hand(hold: Hold) -> Order | None:
    """The order that was put there, once."""
    found: Order | None = hold.__dict__.pop("order_in_hand", None)
    return found


def sold_asked(order_id: int) -> Asked[tuple[Any, ...]]:
    """Its lines, to be asked with other things."""
    return _sold.asked(order_id)


def events_asked(order_id: int) -> Asked[tuple[Any, ...]]:
    """Its timeline, to be asked with other things."""
    return _events.asked(order_id)


def by_reference(reference: str) -> Order | None:
    return _whole(_by_reference(reference))


def by_key(order_id: int) -> Order:
    """The order as it is now; it must be there."""
    found = _whole(_by_key(order_id))
    assert found is not None
    return found


def of_hold_with_shop(order_id: int) -> Order:
    """The order with its shop and its buyer, for the stories of a hold: the caller has locked it and holds the hold."""
    (order,) = _with_shop(order_id)
    return order


@compiled
def locked_of_hold(hold_id: int) -> QuerySet[Order]:
    """The order that waits for this hold, with its shop and its buyer; locks its row, its trade is locked already."""
    return Order.objects.filter(hold_id=hold_id).select_related("vendor", "user").order_by("pk").select_for_update(of=("self",))


@compiled
def of_checkout(reference: str) -> QuerySet[Order]:
    """What one payment bought, without what stands around it."""
    return Order.objects.filter(checkout=reference).order_by("id")


@compiled
def locked(order_id: int) -> QuerySet[Order]:
    """Locks the order's row; its trade is locked already."""
    return Order.objects.filter(pk=order_id).select_related("vendor", "hold", "user").order_by("pk").select_for_update(of=("self",))


@compiled
def locked_with_hold(order_id: int) -> QuerySet[Order]:
    """Locks the order's row and its hold's; their trade is locked already."""
    return Order.objects.filter(pk=order_id).select_related("vendor", "hold", "user", "shipment").order_by().select_for_update(of=("self", "hold"))


@compiled
def _bare(reference: str) -> QuerySet[Order]:
    return Order.objects.filter(reference=reference).order_by()


@compiled
def _sold(order_id: int) -> QuerySet[OrderLine, tuple[Any, ...]]:
    names = "title", "options", "quantity", "unit_minor", "total_minor", "tax_minor", "cancelled"
    return OrderLine.objects.filter(order_id=order_id).values_list("reference", "variant__reference", "variant__listing__reference", *names)


@compiled
def _events(order_id: int) -> QuerySet[OrderEvent, tuple[Any, ...]]:
    return OrderEvent.objects.filter(order_id=order_id).order_by("id").values_list(*Happened._fields)


@compiled
def _by_reference(reference: str) -> QuerySet[Order]:
    return Order.objects.with_everything().prefetch_related(None).filter(reference=reference).order_by()


@compiled
def _by_key(order_id: int) -> QuerySet[Order]:
    return Order.objects.with_everything().prefetch_related(None).filter(pk=order_id).order_by()


@compiled
def _with_shop(order_id: int) -> QuerySet[Order]:
    return Order.objects.select_related("vendor", "user").filter(pk=order_id).order_by()


@compiled
def _lines(order_id: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.select_related("variant__listing").filter(order_id=order_id)


def _whole(found: list[Order]) -> Order | None:
    if not found:
        return None
    attach(found, "lines", _lines(found[0].pk), by="order")
    return found[0]
