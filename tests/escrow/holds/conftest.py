"""A hold in any state, through the real operations, and a plain way to read the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock, references
from core.actors import CARRIER, Actor
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.holds.operations import HoldTerms, PartDraft
from escrow.ledger import checks
from escrow.ledger import queries as ledger
from escrow.payments.models import Payment
from escrow.payments.signals import payment_expired, payment_succeeded

BUYER = Actor("user", "BUYERUSER001", "Lin")
SELLER = Actor("user", "SELLERUSER01", "Jonas")
STAFF = Actor("staff", "STAFFUSER001", "Rosa")
PARTS = [
    PartDraft(line="LINE1", gross_minor=10_000, commission_minor=800, tax_minor=160),
    PartDraft(line="LINE2", gross_minor=3_333, commission_minor=267, tax_minor=53),
    PartDraft(line="delivery", gross_minor=490),
]


@pytest.fixture
def at(transactional_db: None) -> datetime:
    return clock.now()


class Maker:
    """Makes holds: `maker.funded()`, `maker.shipped()`, `maker.delivered()`, `maker.disputed()`."""

    buyer, seller, staff = BUYER, SELLER, STAFF

    def __init__(self, at: datetime) -> None:
        self.at = at

    def payment(self, amount_minor: int, trade: str, currency: str = "EUR") -> Payment:
        return Payment.objects.create(
            trade=trade,
            buyer="BUYERPARTY01",
            amount_minor=amount_minor,
            currency=currency,
            provider="sandbox",
            snapshot_hash="0" * 64,
            return_url="https://souk.test/",
            created_at=self.at,
            expires_at=self.at + timedelta(minutes=30),
        )

    def pending(self, *, parts: list[PartDraft] | None = None, seller: str = "SELLERPARTY1", **terms: Any) -> Hold:
        parts, trade = parts or PARTS, references.new()
        return holds.open(
            payment=self.payment(sum(part.cash_minor for part in parts), trade),
            trade=trade,
            buyer="BUYERPARTY01",
            seller=seller,
            parts=parts,
            terms=HoldTerms(**terms),
            at=self.at,
            actor=BUYER,
        )

    def funded(self, **options: Any) -> Hold:
        hold = self.pending(**options)
        Payment.objects.filter(pk=hold.payment_id).update(state="succeeded", succeeded_at=self.at)
        self.pay(hold.payment)
        return self.fresh(hold)

    def pay(self, payment: Payment) -> None:
        """As payments announce it: in the transaction of the fact."""
        with transaction.atomic():
            payment_succeeded.send(Payment, payment=payment, at=self.at)

    def expire(self, payment: Payment) -> None:
        with transaction.atomic():
            payment_expired.send(Payment, payment=payment, at=self.at)

    def shipped(self, **options: Any) -> Hold:
        return holds.mark_shipped(hold=self.funded(**options), at=self.at, actor=SELLER)

    def delivered(self, **options: Any) -> Hold:
        return holds.mark_delivered(hold=self.shipped(**options), by="carrier", at=self.at, actor=CARRIER)

    def disputed(self, **options: Any) -> Hold:
        hold = self.delivered(**options)
        holds.open_issue(hold=hold, reason="damaged", words="Broken glass", at=self.at, actor=BUYER)
        return self.fresh(hold)

    @staticmethod
    def fresh(hold: Hold) -> Hold:
        return Hold.objects.get(pk=hold.pk)


@pytest.fixture
def maker(at: datetime) -> Maker:
    return Maker(at)


@pytest.fixture
def book() -> Callable[..., int]:
    """The balance of an account on its own side."""
    return lambda account: ledger.balance(account)


@pytest.fixture
def travel(transactional_db: None) -> Callable[..., datetime]:
    """Move the clock and read it."""

    def move(**by: float) -> datetime:
        clock.travel(timedelta(**by))
        return clock.now()

    return move


@pytest.fixture(autouse=True)
def sound_book(transactional_db: None) -> Iterator[None]:
    """After every test the whole book is proved."""
    yield
    assert [line for line in checks.violations() if not line.startswith("8 ")] == []  # no provider settles here
