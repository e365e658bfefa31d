"""Reads about sellers' money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.parties.models import Party
from core.money import Money
from core.together import together
from escrow.holds.models import HoldPart
from escrow.holds.states import HELD
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.ledger.models import Account
from escrow.payouts.models import Payout, SellerAccount
from escrow.payouts.states import IN_TRANSIT, PAID_OUT


@dataclass(frozen=True, slots=True)
class Balance:
    """A seller's money: `pending` waits in holds (after commission), `available` may be asked for, `reserved` is kept back for a while,
    `owed` is a debt that the next earnings pay, the rest is on its way or there."""

    pending: Money
    available: Money
    in_transit: Money
    paid_out: Money
    reserved: Money
    owed: Money


def balance_of(seller: str, currency: str, *also: QuerySet[Any, Any]) -> Balance:
    """Where this seller's money is, in one question, with whatever else a page wants to read in it."""
    theirs = F("amount_minor") - F("reversed_minor")
    on_its_way, there = Sum(theirs, filter=Q(state__in=IN_TRANSIT)), Sum(theirs, filter=Q(state__in=PAID_OUT))
    mine = Payout.objects.filter(seller=seller, currency=currency).order_by()
    payouts = mine.values("seller").annotate(on_its_way=on_its_way, there=there).values_list("on_its_way", "there")
    pending = _pending(seller, currency)
    payable, kept, debt = _accounts_of(seller, currency)
    rows = ledger.rows_of(payable, kept, debt)
    together(payouts, pending, rows, *also)
    lies = {row.code: row.balance_minor for row in rows}
    netted = min(lies.get(payable.code, 0), lies.get(debt.code, 0))  # what the next netting will move
    in_transit, paid_out = next(iter(payouts), (0, 0))
    return Balance(
        pending=Money(int(next(iter(pending), None) or 0), currency),
        available=Money(lies.get(payable.code, 0) - netted, currency),
        in_transit=Money(int(in_transit or 0), currency),
        paid_out=Money(int(paid_out or 0), currency),
        reserved=Money(lies.get(kept.code, 0), currency),
        owed=Money(lies.get(debt.code, 0) - netted, currency),
    )


def _accounts_of(seller: str, currency: str) -> tuple[accounts.AccountName, accounts.AccountName, accounts.AccountName]:
    return accounts.seller_payable(seller, currency), accounts.reserve(seller, currency), accounts.seller_receivable(seller, currency)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A seller who owes us; `ready` is what they have earned and not yet been paid."""

    seller: str
    name: str
    owed: Money
    ready: Money


def debtors() -> list[Debtor]:
    """Sellers who owe, the largest debt first."""
    rows = list(Account.objects.filter(code__startswith="seller_receivable:", balance_minor__gt=0).order_by("-balance_minor", "code"))
    payable = {row.code.replace("seller_receivable", "seller_payable"): row for row in rows}
    ready = dict(Account.objects.filter(code__in=payable).values_list("code", "balance_minor"))
    names = dict(Party.objects.filter(key__in=[_seller_in(row) for row in rows]).values_list("key", "label"))
    return [
        Debtor(
            seller=_seller_in(row),
            name=names.get(_seller_in(row), _seller_in(row)),
            owed=Money(row.balance_minor, row.currency),
            ready=Money(ready.get(code, 0), row.currency),
        )
        for code, row in payable.items()
    ]


def _seller_in(row: Account) -> str:
    return row.code.split(":")[1]


def _pending(seller: str, currency: str) -> QuerySet[HoldPart, int | None]:
    gone = sum(F(f"{way}_{source}_minor") for way in ("refunded", "released") for source in ("cash", "coupon", "points"))
    fees = F("commission_minor") + F("tax_minor")
    settled = sum(F(f"{way}_{fee}_minor") for way in ("charged", "waived") for fee in ("commission", "tax"))
    parts = HoldPart.objects.filter(hold__seller=seller, hold__currency=currency, hold__state__in=HELD)
    return parts.order_by().values("hold__seller").annotate(total=Sum(F("gross_minor") - gone - fees + settled)).values_list("total", flat=True)


def payouts_of(seller: str) -> QuerySet[Payout]:
    """This seller's payouts, newest first."""
    return Payout.objects.filter(seller=seller).order_by("-id")


def account_of(seller: str) -> SellerAccount | None:
    """The seller's account at the provider."""
    return SellerAccount.objects.filter(party=seller).first()


def accounts_with_names(*, words: str = "") -> QuerySet[SellerAccount]:
    """For the desk: sellers who can be paid, those with a reserve first."""
    name = Party.objects.filter(key=OuterRef("party")).values("label")[:1]
    found = SellerAccount.objects.annotate(name=Subquery(name)).order_by("-reserve_bp", "id")
    return found.filter(Q(name__icontains=words) | Q(party=words.upper())) if words else found
