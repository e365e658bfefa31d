"""A seller with money available, and a sandbox that really has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction

from core import clock, references
from core.actors import SYSTEM, Actor
from core.money import Money
from escrow.ledger import accounts, checks
from escrow.ledger import operations as ledger
from escrow.ledger.entries import credit, debit
from escrow.payments.settlement import operations as settlement
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.payouts.models import SellerAccount
from escrow.providers.sandbox import statement, switches

SELLER = Actor("user", "SELLERUSER01")


@pytest.fixture
def at(transactional_db: None) -> datetime:
    return clock.now()


def earn(party: str, amount_minor: int, at: datetime) -> None:
    """Money that arrived at the provider and was released to this seller."""
    source = references.new()
    statement.write(kind="other", source_ref=source, gross=Money(amount_minor, "EUR"), at=at)
    settlement.read_statement(provider="sandbox")
    settlement.explain_waiting(at=at)
    with transaction.atomic():
        lines = [debit(accounts.suspense("sandbox", "EUR"), amount_minor), credit(accounts.seller_payable(party, "EUR"), amount_minor)]
        ledger.post(key=f"earn:{source}", event="earn", lines=lines, trade="", actor=SYSTEM, at=at)


@pytest.fixture
def earned(at: datetime) -> Callable[[str, int], None]:
    return lambda party, amount_minor: earn(party, amount_minor, at)


@pytest.fixture
def seller(at: datetime) -> SellerAccount:
    """A ready seller with 100.00 EUR available."""
    payouts.ensure_account(party="SELLERPARTY1", currency="EUR", country="DE", at=at, actor=SELLER)
    account = sending.open_account(party="SELLERPARTY1", at=at)
    earn("SELLERPARTY1", 10_000, at)
    return account


@pytest.fixture(autouse=True)
def sound_book(transactional_db: None) -> Iterator[None]:
    """After every test the whole book and the provider's statement are proved."""
    switches.configure(error_after_success=0)
    yield
    switches.configure(error_after_success=0)
    settlement.read_statement(provider="sandbox")
    settlement.explain_waiting(at=clock.now())
    assert checks.violations() == []
