"""How many points somebody has."""

from __future__ import annotations

from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import queries as ledger


def worth(party: str, currency: str) -> Money:
    """What this party may spend in this currency; what an open payment has set aside is not in it."""
    return Money(ledger.balance(accounts.points_liability(party, currency)), currency)
