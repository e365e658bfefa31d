"""Money taken back from a seller: what lies ready first, a debt for the rest, which the next earnings pay."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from core import clock, references
from core.actors import SYSTEM, Actor
from core.errors import Forbidden, Invalid
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger import queries as book
from escrow.ledger.entries import credit
from escrow.payouts import operations as payouts
from escrow.payouts import queries, recovery
from tests.escrow.payouts.test_payouts import PARTY, ask

FINN = Actor("staff", "FINNFINANCE1")


def take(amount_minor: int, at: datetime) -> None:
    """A refund after the payout."""
    with transaction.atomic():
        lines = recovery.take_back(seller=PARTY, amount=Money(amount_minor, "EUR"))
        other = credit(accounts.buyer_owed("EUR"), amount_minor)
        ledger.post(key=f"late:{references.new()}", event="late_refund", lines=[*lines, other], trade="", actor=SYSTEM, at=at)


def lies() -> tuple[int, int]:
    return book.balance(accounts.seller_payable(PARTY, "EUR")), book.balance(accounts.seller_receivable(PARTY, "EUR"))


def test_take_back_takes_what_is_there_first(seller, at: datetime) -> None:
    take(4_000, at)
    assert lies() == (6_000, 0)
    take(7_500, at)
    assert lies() == (0, 1_500)
    balance = queries.balance_of(PARTY, "EUR")
    assert (balance.available.amount_minor, balance.owed.amount_minor) == (0, 1_500)
    assert [(debtor.seller, debtor.owed.amount_minor) for debtor in queries.debtors()] == [(PARTY, 1_500)]


def test_debt_stops_payouts_until_earnings_have_paid_it(seller, at: datetime, earned) -> None:
    take(11_500, at)
    earned(PARTY, 1_000)
    assert queries.balance_of(PARTY, "EUR").owed.amount_minor == 500  # shown as if it were netted already
    with pytest.raises(payouts.SellerOwes):
        ask()
    assert recovery.net_everybody(at=at) == 1
    assert lies() == (0, 500)
    earned(PARTY, 2_000)
    assert ask().amount_minor == 1_500
    assert lies() == (0, 0)
    assert recovery.net_everybody(at=at) == 0


def test_write_off_is_staffs_with_a_reason_and_never_more_than_the_debt(seller, at: datetime) -> None:
    take(10_900, at)
    with pytest.raises(Forbidden):
        recovery.write_off(seller=PARTY, amount=Money(900, "EUR"), reason="gone", at=at, actor=Actor("user", "SELLERUSER01"))
    with pytest.raises(Invalid):
        recovery.write_off(seller=PARTY, amount=Money(900, "EUR"), reason=" ", at=at, actor=FINN)
    with pytest.raises(recovery.OwesLess):
        recovery.write_off(seller=PARTY, amount=Money(901, "EUR"), reason="gone", at=at, actor=FINN)
    left = recovery.write_off(seller=PARTY, amount=Money(400, "EUR"), reason="The shop is gone.", at=clock.now(), actor=FINN)
    recovery.write_off(seller=PARTY, amount=left, reason="The shop is gone.", at=clock.now(), actor=FINN)
    assert (lies(), book.balance(accounts.bad_debt("EUR"))) == ((0, 0), 900)
