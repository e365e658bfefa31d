"""Reads about sellers' money."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from core.money import Money
from escrow.holds.models import HoldPart
from escrow.holds.states import HELD
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.payouts.models import Payout, SellerAccount
from escrow.payouts.states import IN_TRANSIT, PAID_OUT


@dataclass(frozen=True, slots=True)
class Balance:
    """A seller's money: `pending` waits in holds (after commission), `available` may be asked for, the rest is on its way or there."""

    pending: Money
    available: Money
    in_transit: Money
    paid_out: Money


def balance_of(seller: str, currency: str) -> Balance:
    """Where this seller's money is."""
    on_its_way, there = Sum("amount_minor", filter=Q(state__in=IN_TRANSIT)), Sum("amount_minor", filter=Q(state__in=PAID_OUT))
    payouts = Payout.objects.filter(seller=seller, currency=currency).aggregate(on_its_way=on_its_way, there=there)
    return Balance(
        pending=Money(_pending(seller, currency), currency),
        available=Money(ledger.balance(accounts.seller_payable(seller, currency)), currency),
        in_transit=Money(int(payouts["on_its_way"] or 0), currency),
        paid_out=Money(int(payouts["there"] or 0), currency),
    )


def _pending(seller: str, currency: str) -> int:
    gone = sum(F(f"{way}_{source}_minor") for way in ("refunded", "released") for source in ("cash", "coupon", "points"))
    fees = F("commission_minor") + F("tax_minor")
    settled = sum(F(f"{way}_{fee}_minor") for way in ("charged", "waived") for fee in ("commission", "tax"))
    parts = HoldPart.objects.filter(hold__seller=seller, hold__currency=currency, hold__state__in=HELD)
    return int(parts.aggregate(total=Sum(F("gross_minor") - gone - fees + settled))["total"] or 0)


def payouts_of(seller: str) -> QuerySet[Payout]:
    """This seller's payouts, newest first."""
    return Payout.objects.filter(seller=seller).order_by("-id")


def account_of(seller: str) -> SellerAccount | None:
    """The seller's account at the provider."""
    return SellerAccount.objects.filter(party=seller).first()
