"""What a checkout costs: pure arithmetic over integers in minor units, one currency at a time.

Prices include tax: the tax of a line is the part of its total that the seller owes, never an addition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.fulfilment.rates import DeliveryRate, delivery_price

BASIS_POINTS = 10_000
LARGEST_TOTAL = 10**12  # the same bound that reading an amount has


class PricingMistake(ValueError):
    """The caller asked for a price that cannot exist; never the fault of the person in front of the page."""


@dataclass(frozen=True, slots=True)
class LineDraft:
    line: str
    quantity: int
    unit_minor: int
    tax_bp: int = 0


@dataclass(frozen=True, slots=True)
class SellerDraft:
    seller: str
    lines: Sequence[LineDraft]
    delivery: DeliveryRate | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    line: str
    quantity: int
    unit_minor: int
    total_minor: int
    tax_bp: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class SellerTotals:
    seller: str
    lines: tuple[PricedLine, ...]
    goods_minor: int
    delivery_minor: int
    delivery_tax_minor: int
    tax_minor: int
    total_minor: int
    items: int


@dataclass(frozen=True, slots=True)
class Totals:
    currency: str
    sellers: tuple[SellerTotals, ...]
    goods_minor: int
    delivery_minor: int
    tax_minor: int
    total_minor: int

    def of(self, seller: str) -> SellerTotals:
        return next(totals for totals in self.sellers if totals.seller == seller)


def price(*, sellers: Sequence[SellerDraft], currency: str) -> Totals:
    priced = tuple(price_seller(draft) for draft in sellers)
    totals = Totals(
        currency=currency,
        sellers=priced,
        goods_minor=sum(one.goods_minor for one in priced),
        delivery_minor=sum(one.delivery_minor for one in priced),
        tax_minor=sum(one.tax_minor for one in priced),
        total_minor=sum(one.total_minor for one in priced),
    )
    if totals.total_minor > LARGEST_TOTAL:
        raise PricingMistake("the total is larger than any payment can be")
    return totals


def price_seller(draft: SellerDraft) -> SellerTotals:
    lines = tuple(price_line(line) for line in draft.lines)
    goods = sum(line.total_minor for line in lines)
    items = sum(line.quantity for line in lines)
    rate = draft.delivery or DeliveryRate()
    delivery = delivery_price(rate=rate, goods_minor=goods, items=items)
    delivery_tax = tax_within(total_minor=delivery, tax_bp=rate.tax_bp)
    return SellerTotals(
        seller=draft.seller,
        lines=lines,
        goods_minor=goods,
        delivery_minor=delivery,
        delivery_tax_minor=delivery_tax,
        tax_minor=delivery_tax + sum(line.tax_minor for line in lines),
        total_minor=goods + delivery,
        items=items,
    )


def price_line(draft: LineDraft) -> PricedLine:
    if draft.quantity < 1:
        raise PricingMistake("a line has at least one item")
    if draft.unit_minor < 0:
        raise PricingMistake("a unit price is never negative")
    total = draft.quantity * draft.unit_minor
    return PricedLine(
        line=draft.line,
        quantity=draft.quantity,
        unit_minor=draft.unit_minor,
        total_minor=total,
        tax_bp=draft.tax_bp,
        tax_minor=tax_within(total_minor=total, tax_bp=draft.tax_bp),
    )


def tax_within(*, total_minor: int, tax_bp: int) -> int:
    """The tax contained in a tax-inclusive total, rounded half up."""
    if not 0 <= tax_bp <= BASIS_POINTS:
        raise PricingMistake("a tax rate lies between 0 and 100 percent")
    whole = BASIS_POINTS + tax_bp
    return (2 * total_minor * tax_bp + whole) // (2 * whole)
