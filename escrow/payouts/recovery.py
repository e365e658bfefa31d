"""Taking money back from a seller: first what lies ready for them, then as a debt that their next earnings pay.

Nothing here costs a release anything: what a seller earns is set against a debt before the next payout, and once a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import SYSTEM, Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger import queries as book
from escrow.ledger.entries import Line, credit, debit
from escrow.payouts import reserves

LONGEST_REASON = 200
log = structlog.get_logger(__name__)


class OwesLess(Refusal):
    code = "seller_owes_less"
    kind = Kind.CONFLICT
    sentence = _("This seller owes {owed}. Write off that amount or less.")


def take_back(*, seller: str, amount: Money, beside: Sequence[accounts.AccountName] = ()) -> list[Line]:
    """The lines that take this amount from a seller: payable first, a debt for the rest. Inside the caller's entry and trade lock.

    `beside`: the other guarded accounts of that entry, so that everybody locks in the book's one order.
    """
    payable, debt = accounts.seller_payable(seller, amount.currency), accounts.seller_receivable(seller, amount.currency)
    there = ledger.lock(payable, debt, *beside)[payable.code]
    ready = min(there, amount.amount_minor)
    return [debit(payable, ready), debit(debt, amount.amount_minor - ready)]


def give_to(*, seller: str, amount: Money, beside: Sequence[accounts.AccountName] = ()) -> list[Line]:
    """The lines that give this amount to a seller: a debt is paid first."""
    payable, debt = accounts.seller_payable(seller, amount.currency), accounts.seller_receivable(seller, amount.currency)
    owed = min(ledger.lock(payable, debt, *beside)[debt.code], amount.amount_minor)
    return [credit(debt, owed), credit(payable, amount.amount_minor - owed)]


def owed(seller: str, currency: str) -> int:
    """What a seller owes, in minor units."""
    return book.balance(accounts.seller_receivable(seller, currency))


def net(*, seller: str, currency: str, at: datetime, actor: Actor) -> Money:
    """Set what a seller has earned against what they owe; how much that was. Costs one question when they owe nothing."""
    payable, debt = accounts.seller_payable(seller, currency), accounts.seller_receivable(seller, currency)
    if not book.balance(debt):
        return Money.zero(currency)
    there = ledger.lock(payable, debt)
    paid = min(there[payable.code], there[debt.code])
    if paid:
        ledger.post(
            key=f"net:{seller}:{currency}:{book.last_line_of(debt)}",  # under its lock no two nettings see the same last line
            event="net",
            lines=[debit(payable, paid), credit(debt, paid)],
            trade="",
            actor=actor,
            at=at,
            note="earnings pay a debt",
        )
    return Money(paid, currency)


def net_everybody(*, at: datetime) -> int:
    """Every seller who owes and has earned something since; how many paid."""
    paid = 0
    for code in book.codes_with_balance("seller_receivable:"):
        _kind, seller, currency = code.split(":")
        try:
            with transaction.atomic():
                reserves.free_for_debt(seller=seller, currency=currency, at=at, actor=SYSTEM)
                paid += not net(seller=seller, currency=currency, at=at, actor=SYSTEM).is_zero
        except Refusal as refusal:
            log.info("debt_not_netted", party=seller, code=refusal.code)
    return paid


@transaction.atomic
def write_off(*, seller: str, amount: Money, reason: str, at: datetime, actor: Actor) -> Money:
    """Nobody will ever pay this: the platform bears it. What remains of the debt."""
    if actor.kind != "staff":
        raise Forbidden
    if not reason.strip():
        raise Invalid("reason", _("Write why this debt is given up."))
    if amount.amount_minor <= 0:
        raise Invalid("amount", _("Write an amount above zero."))
    debt = accounts.seller_receivable(seller, amount.currency)
    owed = Money(ledger.lock(debt)[debt.code], amount.currency)
    if amount > owed:
        raise OwesLess(field="amount", owed=owed)
    ledger.post(
        key=f"bad_debt:{seller}:{amount.currency}:{book.last_line_of(debt)}",
        event="bad_debt",
        lines=[debit(accounts.bad_debt(amount.currency), amount.amount_minor), credit(debt, amount.amount_minor)],
        trade="",
        actor=actor,
        at=at,
        note=reason.strip()[:LONGEST_REASON],
    )
    audit.record(
        kind="debt", reference=seller, name="written_off", actor=actor, at=at, reason=reason.strip(), before=str(owed), after=str(owed - amount)
    )
    return owed - amount
