"""A paid hold, a seller who can be paid, and a bank that asks the money back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.money import Money
from escrow.chargebacks.models import Chargeback
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.ledger import checks
from escrow.payments.models import Payment
from escrow.payments.signals import payment_succeeded, provider_event
from escrow.providers.base import ProviderDispute
from tests.escrow.holds.conftest import BUYER, Maker

PARTS = [
    holds.PartDraft(line="LINE1", gross_minor=10_000, commission_minor=800, tax_minor=160),
    holds.PartDraft(line="delivery", gross_minor=500),
]


@pytest.fixture
def at(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def maker(at: datetime) -> Maker:
    return Maker(at)


@pytest.fixture(autouse=True)
def sound_book(transactional_db: None) -> Iterator[None]:
    yield
    assert checks.violations() == []


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


class Bank:
    """What the provider would say about one case, and saying it."""

    def __init__(self, payment: Payment, amount_minor: int, **facts: Any) -> None:
        zero = eur(0)
        self.said = ProviderDispute(
            ref=f"dp_{payment.reference}", payment_ref=payment.reference, status="inquiry", reason="fraudulent", amount=eur(amount_minor),
            withdrawn=zero, returned=zero, livemode=False,
        )  # fmt: skip
        self.said = replace(self.said, **facts)

    def says(self, status: str = "", *, withdrawn: int | None = None, returned: int | None = None, **facts: Any) -> Chargeback:
        """The provider's object changes, and a message tells us so."""
        if status:
            facts["status"] = status
        for name, minor in (("withdrawn", withdrawn), ("returned", returned)):
            if minor is not None:
                facts[name] = eur(minor)
        self.said = replace(self.said, **facts)
        return self.repeats()

    def repeats(self) -> Chargeback:
        answers = provider_event.send(sender=Bank, kind="dispute", provider="sandbox", object=self.said, at=clock.now())
        assert any(answer for _receiver, answer in answers)
        return Chargeback.objects.get(ref=self.said.ref)

    def takes(self) -> Chargeback:
        return self.says("needs_response", withdrawn=self.said.amount.amount_minor + 1_500)

    def wins(self) -> Chargeback:
        """We win: it comes back."""
        return self.says("won", returned=self.said.amount.amount_minor)


def several(maker: Maker, *grosses: int) -> list[Hold]:
    """Shipped holds of one payment, each of its own seller."""
    payment = maker.payment(sum(grosses), "TRADEOFALL01")
    made = []
    with transaction.atomic():
        for number, gross in enumerate(grosses):
            part = holds.PartDraft(line="L", gross_minor=gross, commission_minor=gross // 10)
            made.append(holds.open(
                payment=payment, trade=payment.trade, buyer="BUYERPARTY01", seller=f"SELLERPARTY{number}", parts=[part],
                terms=holds.HoldTerms(), at=maker.at, actor=BUYER,
            ))  # fmt: skip
    Payment.objects.filter(pk=payment.pk).update(state="succeeded", succeeded_at=maker.at)
    payment.refresh_from_db()
    with transaction.atomic():
        payment_succeeded.send(Payment, payment=payment, at=maker.at)
    return [holds.mark_shipped(hold=Hold.objects.get(pk=hold.pk), at=maker.at, actor=maker.seller) for hold in made]
