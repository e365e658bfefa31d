"""From a quote to orders: one order and one held payment per seller, with commission frozen into its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.actors import Actor
from escrow.fees import queries as fees
from escrow.holds import operations as holds
from escrow.holds.operations import HoldTerms, PartDraft
from escrow.models import Hold, Payment, Plan
from escrow.plans import operations as plans
from escrow.plans.operations import Agreement
from marketplace.cart.queries import LineView
from marketplace.catalog.listings.models import ListingVersion
from marketplace.checkout.models import Checkout
from marketplace.checkout.pricing import PricedLine
from marketplace.checkout.quotes import SellerQuote
from marketplace.orders import operations as orders
from marketplace.orders.models import HandOver, Order
from marketplace.orders.operations import LineDraft, OrderDraft
from vendors.holidays import queries as holidays


@dataclass(frozen=True, slots=True)
class Buyer:
    party: str
    user: User | None
    name: str
    email: str
    phone: str
    language: str
    address: Mapping[str, str] | None


def open_order(
    *,
    reference: str,
    checkout: Checkout,
    payment: Payment,
    seller: SellerQuote,
    buyer: Buyer,
    versions: Mapping[int, ListingVersion],
    actor: Actor,
    at: datetime,
) -> Order:
    assert seller.chosen is not None
    lines, parts = [], []
    for line, priced in zip(seller.lines, seller.totals.lines, strict=True):
        commission, commission_tax = _commission(seller, line, priced)
        draft = _line(line, priced, versions, commission)
        lines.append(draft)
        parts.append(PartDraft(line=draft.reference, gross_minor=priced.total_minor, commission_minor=commission, tax_minor=commission_tax))
    if seller.totals.delivery_minor:  # commission is on goods only
        parts.append(PartDraft(line=f"delivery:{reference}", gross_minor=seller.totals.delivery_minor))
    plan, hold = _held(checkout, payment, seller, buyer, parts, actor, at)
    address = dict(buyer.address) if buyer.address and seller.chosen.needs_address else None
    return orders.place(
        draft=OrderDraft(
            reference=reference,
            trade=checkout.trade,
            checkout=checkout.reference,
            vendor=seller.vendor,
            hold=hold,
            plan=plan,
            buyer_party=buyer.party,
            user=buyer.user,
            buyer_name=buyer.name,
            email=buyer.email,
            phone=buyer.phone,
            language=buyer.language,
            hand_over=seller.chosen.kind,
            delivery=seller.chosen.snapshot(),
            address=address,
            currency=checkout.currency,
            goods_minor=seller.totals.goods_minor,
            delivery_minor=seller.totals.delivery_minor,
            tax_minor=seller.totals.tax_minor,
            lines=lines,
        ),
        actor=actor,
        at=at,
    )


def _commission(seller: SellerQuote, line: LineView, priced: PricedLine) -> tuple[int, int]:
    category = line.row.variant.listing.category
    terms = fees.terms_for(seller.vendor.party.key, category.slug if category else "")
    return fees.commission_of(priced.total_minor, terms)


def _line(line: LineView, priced: PricedLine, versions: Mapping[int, ListingVersion], commission: int) -> LineDraft:
    variant, listing = line.row.variant, line.row.variant.listing
    return LineDraft(
        variant_id=variant.pk,
        listing_version_id=versions[listing.pk].pk,
        title=listing.title,
        content_language=listing.language,
        options=variant.options,
        condition=listing.condition,
        picture=line.picture.kept() if line.picture else {},
        quantity=priced.quantity,
        unit_minor=priced.unit_minor,
        total_minor=priced.total_minor,
        tax_bp=priced.tax_bp,
        tax_minor=priced.tax_minor,
        commission_minor=commission,
    )


def _held(
    checkout: Checkout, payment: Payment, seller: SellerQuote, buyer: Buyer, parts: list[PartDraft], actor: Actor, at: datetime
) -> tuple[Plan | None, Hold]:
    assert seller.chosen is not None
    is_pickup = seller.chosen.kind == HandOver.PICKUP
    inspections = [line.row.variant.listing.category.inspection_days for line in seller.lines if line.row.variant.listing.category]
    terms = HoldTerms(
        handling_days=holidays.handling_days(seller.vendor, at=at),
        inspection_days=None if is_pickup else max(inspections, default=None),
        hand_over=seller.chosen.kind,
    )
    if seller.in_parts and seller.offers:
        agreement = Agreement(
            trade=checkout.trade, buyer=buyer.party, seller=seller.vendor.party.key, lines=parts, terms=seller.offers, hold_terms=terms
        )
        return plans.open(agreement=agreement, payment=payment, at=at, actor=actor)
    return None, holds.open(
        payment=payment, trade=checkout.trade, buyer=buyer.party, seller=seller.vendor.party.key,
        parts=parts, terms=terms, at=at, actor=actor,
    )  # fmt: skip
