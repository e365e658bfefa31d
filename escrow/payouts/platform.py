"""The platform's own money at the provider: what is there beyond what we hold for others, and taking it out.

Commission, fees, coupons and losses all meet here: only what covers everybody else may leave. Sellers' payouts are never stopped by it.
The payout itself is made at the provider; its line on the statement finds what was asked for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from core import audit, locks, references
from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import credit, debit
from escrow.ledger.models import Posting

ASSETS = ("psp_clearing:", "psp_balance:")
OWED = ("hold:", "hold_frozen:", "seller_payable:", "reserve:", "refund_pending:", "buyer_owed:", "transfer_transit:", "platform_transit:")
UNEXPLAINED = ("suspense:",)
LONGEST_REASON = 200


class NotCovered(Refusal):
    code = "platform_not_covered"
    kind = Kind.CONFLICT
    sentence = _("Only {free} is the platform's own: the rest covers what we hold for buyers and sellers. Take that or less, or top the balance up.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """One currency: what lies at providers, what of it belongs to others. `free` may be negative: then it is short."""

    assets: Money
    owed: Money

    @property
    def free(self) -> Money:
        return self.assets - self.owed


def coverage(*currencies: str) -> list[Coverage]:
    """Of these currencies, or of all that have any money, straight from the book."""
    at_providers, for_others, unexplained = _beginning(ASSETS), _beginning(OWED), _beginning(UNEXPLAINED)
    lines = Posting.objects.filter(at_providers | for_others | unexplained, **({"currency__in": currencies} if currencies else {}))
    sums = (
        lines.order_by()
        .values("currency")
        .annotate(
            assets=Sum("amount_minor", filter=at_providers, default=0),
            owed=Sum("amount_minor", filter=for_others, default=0),
            strange=Sum("amount_minor", filter=unexplained, default=0),
        )
    )
    # What came in and nobody can explain may be anybody's; what went out unexplained is missing.
    found = {row["currency"]: (int(row["assets"]), -int(row["owed"]) + max(-int(row["strange"]), 0)) for row in sums}
    return [
        Coverage(Money(assets, currency), Money(owed, currency))
        for currency in sorted(currencies or found)
        for assets, owed in [found.get(currency, (0, 0))]
    ]


def _beginning(kinds: tuple[str, ...]) -> Q:
    which = Q()
    for kind in kinds:
        which |= Q(account__code__startswith=kind)
    return which


@transaction.atomic
def withdraw(*, amount: Money, reason: str, at: datetime, actor: Actor) -> str:
    """Set the platform's own money aside for a payout to its bank; the entry's key. Refused while others' money is not covered."""
    if actor.kind != "staff":
        raise Forbidden
    if amount.amount_minor <= 0:
        raise Invalid("amount", _("Write an amount above zero."))
    if not reason.strip():
        raise Invalid("reason", _("Write what it is for."))
    locks.trade(f"PLATFORM{amount.currency}")
    (now,) = coverage(amount.currency)
    if amount > now.free:
        raise NotCovered(field="amount", free=max(now.free, Money.zero(amount.currency)))
    reference = references.new()
    key = f"platform_payout_asked:{reference}"
    lines = [
        debit(accounts.platform_float(amount.currency), amount.amount_minor),
        credit(accounts.platform_transit(amount.currency), amount.amount_minor),
    ]
    ledger.post(key=key, event="platform_payout_asked", lines=lines, trade="", actor=actor, at=at, note=reason.strip()[:LONGEST_REASON])
    audit.record(kind="platform_payout", reference=reference, name="asked", actor=actor, at=at, reason=reason.strip(), after=str(amount))
    return key
