"""Earning points, and losing those that were never spent. Each is one entry, written once per business fact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.points import entries


def _checked(amount: Money) -> int:
    if amount.amount_minor <= 0:
        raise Invalid("amount", _("Write an amount above zero."))
    return amount.amount_minor


@transaction.atomic
def earn(*, party: str, amount: Money, fact: str, trade: str = "", at: datetime, actor: Actor) -> None:
    """This party earned points worth `amount`. `fact` says for what; the same fact earns once."""
    entries.write(entries.earned(party, _checked(amount), amount.currency, fact=fact, trade=trade), actor=actor, at=at)


@transaction.atomic
def expire(*, party: str, amount: Money, fact: str, at: datetime, actor: Actor) -> Money:
    """Points worth `amount` were never spent: what is still there of them is gone. How much that was."""
    liability = accounts.points_liability(party, amount.currency)
    there = ledger.lock(liability)[liability.code]
    gone = min(there, _checked(amount))
    if gone:
        entries.write(entries.expired(party, gone, amount.currency, fact=fact), actor=actor, at=at)
    return Money(gone, amount.currency)
