"""What the seller receives after fees, for one piece at its ordinary price."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Money
from escrow.fees import queries as fees
from vendors.models import Vendor


@dataclass(frozen=True)
class Receiving:
    price: Money
    fee: Money
    kept: Money
    percent: str


def after_fees(vendor: Vendor, category_slug: str, price_minor: int) -> Receiving:
    terms = fees.terms_for(vendor.party.key, category_slug)
    commission, tax = fees.commission_of(price_minor, terms)
    price, fee = Money(price_minor, vendor.currency), Money(commission + tax, vendor.currency)
    return Receiving(price, fee, price - fee, f"{terms.rate_bp / 100:g}")
