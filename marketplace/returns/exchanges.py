"""Instead of money the same listing in another variant of the same price: chosen, kept from the shelf, sent, and kept by the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock import operations as stock
from marketplace.orders.models import OrderLine
from marketplace.returns.models import Return, ReturnLine
from marketplace.returns.moves import locked, turn
from marketplace.sale_formats import registry

KEPT_FOR = timedelta(days=60)  # longer than every clock between the approval and the replacement
LONGEST_NUMBER = 60


def choices(line: OrderLine, *, quantity: int, at: datetime) -> list[Variant]:
    """The other variants that cost what this one did, and are there."""
    listing = line.variant.listing
    others = list(Variant.objects.offered().filter(listing=listing).exclude(pk=line.variant_id))
    prices = registry.get(listing.sale_format).asking_prices([(variant, quantity) for variant in others], at)
    return [
        variant for variant in others if variant.available >= quantity and variant.pk in prices and prices[variant.pk].unit_minor == line.unit_minor
    ]


def chosen(lines: Sequence[ReturnLine], *, variant: str, at: datetime) -> Variant:
    """The variant that the buyer names, if it may be had for what comes back."""
    goods = [line for line in lines if line.order_line is not None]
    if len(goods) != 1:
        raise Invalid("lines", _("Exchange one thing at a time. Ask for the others on their own."))
    line = goods[0].order_line
    assert line is not None
    for other in choices(line, quantity=goods[0].quantity, at=at):
        if other.reference == variant:
            return other
    raise Invalid("variant", _("Choose another variant of the same price that is there, or ask for the money."))


def reserve(asked: Return, *, at: datetime) -> bool:
    """Keep the replacement from the shelf; False when somebody was faster."""
    assert asked.exchange_variant_id is not None
    quantity = sum(line.quantity for line in asked.lines.all() if line.order_line_id is not None)
    try:
        with transaction.atomic():
            stock.reserve(lines=[(asked.exchange_variant_id, quantity)], trade=asked.reference, until=at + KEPT_FOR, at=at)
    except (stock.StockShort, stock.ReservationEnded):
        return False
    return True


def let_go(asked: Return, *, at: datetime) -> None:
    """The replacement will not be needed. Twice is once."""
    if asked.exchange_variant_id is not None:
        stock.release(trade=asked.reference, at=at)


@transaction.atomic
def ship(*, asked: Return, carrier: str, tracking_number: str, at: datetime, actor: Actor) -> Return:
    """The replacement left."""
    asked = locked(asked)
    number = tracking_number.strip()
    if not number or len(number) > LONGEST_NUMBER or not number.isprintable():
        raise Invalid("tracking_number", _("Write the tracking number, at most {most} characters."), most=LONGEST_NUMBER)
    stock.commit_sale(trade=asked.reference, at=at, actor=actor)
    return turn(asked, "ship", by="seller", at=at, actor=actor, new_carrier=carrier.strip()[:40], new_tracking_number=number)


@transaction.atomic
def finish(*, asked: Return, at: datetime, actor: Actor, by: str = "buyer") -> Return:
    """The buyer has the replacement and is content."""
    asked = locked(asked)
    return turn(asked, "finish", by=by, at=at, actor=actor)
