"""The lines of points: their worth to us in money, and the same number in their own currency."""

from __future__ import annotations

from datetime import datetime

from core.actors import Actor
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Draft, Line, credit, debit


def _issued(party: str, points: int) -> tuple[Line, ...]:
    return debit(accounts.points_issuance(), points), credit(accounts.points_of(party), points)


def given(party: str, points: int, currency: str) -> tuple[Line, ...]:
    """A person's points grow: what we owe them, and their own count. The other side of the money is the caller's."""
    return credit(accounts.points_liability(party, currency), points), *_issued(party, points)


def taken(party: str, points: int, currency: str) -> tuple[Line, ...]:
    """A person's points shrink, never below none."""
    return (
        debit(accounts.points_liability(party, currency), points),
        debit(accounts.points_of(party), points),
        credit(accounts.points_issuance(), points),
    )


def earned(party: str, points: int, currency: str, *, fact: str, trade: str) -> Draft:
    """Points earned: debit `points_expense`, credit `points_liability`."""
    lines = (debit(accounts.points_expense(currency), points), *given(party, points, currency))
    return Draft(key=f"points_earned:{fact}", event="points_earned", lines=lines, trade=trade)


def expired(party: str, points: int, currency: str, *, fact: str) -> Draft:
    """Points expired: debit `points_liability`, credit `breakage`."""
    lines = (*taken(party, points, currency), credit(accounts.breakage(currency), points))
    return Draft(key=f"points_expired:{fact}", event="points_expired", lines=lines, trade="")


def write(entry: Draft, *, actor: Actor, at: datetime) -> None:
    """Post it in this transaction."""
    ledger.post_many([entry], actor=actor, at=at)
