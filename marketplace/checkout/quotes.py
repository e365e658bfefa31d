"""What a checkout would cost now: the basket's chosen lines, each seller's ways of delivery, and the totals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.errors import Kind, Refusal
from core.money import Money
from escrow.plans import terms
from escrow.plans.schedule import Due, Terms, divide, is_possible
from marketplace.cart import queries as carts
from marketplace.cart.models import Cart
from marketplace.cart.queries import CurrencyGroup, LineView, SellerGroup
from marketplace.checkout import pricing
from marketplace.checkout.pricing import LineDraft, SellerDraft, SellerTotals, Totals
from marketplace.fulfilment import registry as fulfilment
from marketplace.fulfilment.options import DeliveryOption
from vendors.models import Vendor
from vendors.policies import queries as policies


class TooDear(Refusal):
    """More than one payment can carry."""

    code = "too_dear"
    kind = Kind.CONFLICT
    sentence = _lazy("This is more than one payment can carry. Choose fewer things, or smaller quantities.")


@dataclass(frozen=True, slots=True)
class OptionView:
    option: DeliveryOption
    price: Money
    chosen: bool


@dataclass(frozen=True, slots=True)
class SellerQuote:
    vendor: Vendor
    lines: tuple[LineView, ...]
    options: tuple[OptionView, ...]
    totals: SellerTotals
    problem: str = ""
    offers: Terms | None = None  # to be paid in parts
    in_parts: bool = False

    @property
    def chosen(self) -> DeliveryOption | None:
        return next((one.option for one in self.options if one.chosen), None)

    @property
    def goods(self) -> Money:
        return Money(self.totals.goods_minor, self.vendor.currency)

    @property
    def delivery(self) -> Money:
        return Money(self.totals.delivery_minor, self.vendor.currency)

    @property
    def total(self) -> Money:
        return Money(self.totals.total_minor, self.vendor.currency)

    def schedule(self, at: datetime) -> list[Due]:
        """What would be paid when, if it is paid in parts."""
        return divide(self.offers, total_minor=self.totals.total_minor, at=at) if self.offers else []

    def due_now_minor(self, at: datetime) -> int:
        """What the first payment takes."""
        return self.schedule(at)[0].amount_minor if self.in_parts else self.totals.total_minor


@dataclass(frozen=True, slots=True)
class Quote:
    currency: str
    sellers: tuple[SellerQuote, ...]
    totals: Totals
    left_out: tuple[LineView, ...]  # chosen, but not to be bought as they are

    @property
    def is_empty(self) -> bool:
        return not self.sellers

    @property
    def is_blocked(self) -> bool:
        """Somebody cannot hand over their part: as it is, it cannot be paid."""
        return any(seller.problem for seller in self.sellers)

    @property
    def needs_address(self) -> bool:
        """Something travels, or nobody can say yet."""
        return any(seller.chosen is None or seller.chosen.needs_address for seller in self.sellers)

    @property
    def goods(self) -> Money:
        return Money(self.totals.goods_minor, self.currency)

    @property
    def delivery(self) -> Money:
        return Money(self.totals.delivery_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.totals.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.totals.total_minor, self.currency)

    def due_now(self, at: datetime) -> Money:
        """What is paid at once: everything, or the first parts of what is paid in parts."""
        return Money(sum(seller.due_now_minor(at) for seller in self.sellers), self.currency)

    @property
    def is_in_parts(self) -> bool:
        return any(seller.in_parts for seller in self.sellers)

    @property
    def items(self) -> int:
        return sum(line.quantity for seller in self.sellers for line in seller.lines)

    def snapshot(self) -> dict[str, Any]:
        """What the buyer agrees to, as plain values; its hash is bound to the payment."""
        return {
            "currency": self.currency,
            "total_minor": self.totals.total_minor,
            "sellers": [
                {
                    "vendor": seller.vendor.reference,
                    "delivery": seller.chosen.snapshot() if seller.chosen else None,
                    "delivery_minor": seller.totals.delivery_minor,
                    **({"plan": terms.kept(seller.offers)} if seller.in_parts else {}),
                    "lines": [
                        {
                            "variant": line.row.variant.reference,
                            "listing": line.row.variant.listing.reference,
                            "version": line.row.variant.listing.version,
                            "quantity": priced.quantity,
                            "unit_minor": priced.unit_minor,
                            "total_minor": priced.total_minor,
                        }
                        for line, priced in zip(seller.lines, seller.totals.lines, strict=True)
                    ],
                }
                for seller in self.sellers
            ],
        }


def quote(
    *, cart: Cart, currency: str, country: str, choices: Mapping[str, str], at: datetime, plans: Container[str] = (), pictures: bool = True
) -> Quote:
    """`choices`: vendor reference → option code. Without a choice the first way that is possible is taken. `plans`: vendors paid in parts."""
    found = (group for group in carts.groups(cart, at=at, pictures=pictures) if group.currency == currency)
    group = next(found, CurrencyGroup(currency, ()))
    for hand_over in ("parcel", "pickup"):
        fulfilment.fetch_offers(hand_over, [seller.vendor for seller in group.to_buy if hand_over in seller.hand_overs])
    drafts = [_seller(seller, country=country, choice=choices.get(seller.vendor.reference, ""), at=at) for seller in group.to_buy]
    try:
        totals = pricing.price(sellers=[draft for _seller, draft, _options, _chosen in drafts], currency=currency)
    except pricing.PricingMistake as mistake:
        raise TooDear from mistake
    sellers = tuple(
        _seller_quote(seller, priced, options, chosen, in_parts=seller.vendor.reference in plans)
        for (seller, _draft, options, chosen), priced in zip(drafts, totals.sellers, strict=True)
    )
    return Quote(currency, sellers, totals, tuple(group.chosen_but_blocked))


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    canonical = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _seller(
    seller: SellerGroup, *, country: str, choice: str, at: datetime
) -> tuple[SellerGroup, SellerDraft, list[DeliveryOption], DeliveryOption | None]:
    options = fulfilment.options(vendor=seller.vendor, hand_overs=seller.hand_overs, country=country, at=at)
    chosen = next((option for option in options if option.code == choice), options[0] if options else None)
    tax_bp = policies.of(seller.vendor).tax_bp
    lines = [LineDraft(line.reference, line.quantity, line.unit.amount_minor, tax_bp) for line in seller.to_buy if line.unit]
    delivery = replace(chosen.rate, tax_bp=tax_bp) if chosen else None
    return seller, SellerDraft(seller.vendor.reference, lines, delivery), options, chosen


def _seller_quote(
    seller: SellerGroup, priced: SellerTotals, options: list[DeliveryOption], chosen: DeliveryOption | None, *, in_parts: bool
) -> SellerQuote:
    views = tuple(
        OptionView(
            option=option,
            price=Money(option.price_minor(goods_minor=priced.goods_minor, items=priced.items), seller.vendor.currency),
            chosen=option is chosen,
        )
        for option in options
    )
    offers = _offered(seller, priced)
    problem = "" if options else _no_way(seller)
    return SellerQuote(seller.vendor, tuple(seller.to_buy), views, priced, problem, offers, in_parts and offers is not None)


def _offered(seller: SellerGroup, priced: SellerTotals) -> Terms | None:
    """The terms that everything of this seller shares, if they divide this price into parts worth paying."""
    kept = [line.row.variant.listing.payment_terms for line in seller.to_buy]
    if not kept[0] or any(other != kept[0] for other in kept):
        return None
    offered = terms.read(kept[0])
    assert offered is not None
    return offered if is_possible(offered, total_minor=priced.total_minor, currency=seller.vendor.currency) else None


def _no_way(seller: SellerGroup) -> str:
    if not seller.hand_overs:
        return _("These things cannot be handed over together. Buy them one after the other.")
    return _("{shop} does not deliver to this country.").format(shop=seller.vendor.name)
