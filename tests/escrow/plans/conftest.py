"""Plans through the real operations; payments succeed as payments announce it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from core import references
from core.actors import CARRIER
from core.money import Money
from escrow.holds.operations import HoldTerms, PartDraft
from escrow.payments.models import Payment
from escrow.plans import following, queries, terms
from escrow.plans import operations as plans
from escrow.plans.models import Plan, PlanPart
from escrow.plans.operations import Agreement
from escrow.plans.schedule import Terms
from tests.escrow.holds.conftest import Maker, at, book, sound_book, travel

__all__ = ["at", "book", "sound_book", "travel"]
DEPOSIT = terms.deposit(percent=30, days=14)
LINES = [
    PartDraft(line="LINE1", gross_minor=10_000, commission_minor=800, tax_minor=160),
    PartDraft(line="LINE2", gross_minor=3_333, commission_minor=267, tax_minor=53),
    PartDraft(line="delivery", gross_minor=490),
]


class PlanMaker(Maker):
    def agreed(self, offered: Terms = DEPOSIT, *, lines: list[PartDraft] = LINES, at: datetime | None = None, **hold_terms: Any) -> Plan:
        trade, at = references.new(), at or self.at
        total = Money(sum(line.gross_minor for line in lines), "EUR")
        payment = self.payment(plans.first_of(offered, total=total, at=at).amount_minor, trade)
        agreement = Agreement(
            trade=trade, buyer="BUYERPARTY01", seller="SELLERPARTY1", lines=lines, terms=offered, hold_terms=HoldTerms(**hold_terms)
        )
        return plans.open(agreement=agreement, payment=payment, at=at, actor=self.buyer)[0]

    def running(self, offered: Terms = DEPOSIT, **options: Any) -> Plan:
        plan = self.agreed(offered, **options)
        return self.settle_payment(plan, 1)

    def paid(self, offered: Terms = DEPOSIT, **options: Any) -> Plan:
        plan = self.running(offered, **options)
        for part in self.parts(plan)[1:]:
            plan = self.pay_part(plan, part.position)
        return plan

    def ask(self, plan: Plan, position: int, at: datetime | None = None) -> Payment:
        return plans.pay(part=self.part(plan, position), return_url="https://souk.test/", description="x", at=at or self.at, actor=self.buyer)

    def pay_part(self, plan: Plan, position: int, at: datetime | None = None) -> Plan:
        self.ask(plan, position, at)
        return self.settle_payment(plan, position)

    def settle_payment(self, plan: Plan, position: int) -> Plan:
        payment = self.part(plan, position).payment
        assert payment is not None
        Payment.objects.filter(pk=payment.pk).update(state="succeeded", succeeded_at=self.at)
        self.pay(payment)
        return self.now(plan)

    def lapse(self, plan: Plan, position: int) -> Plan:
        payment = self.part(plan, position).payment
        assert payment is not None
        Payment.objects.filter(pk=payment.pk).update(state="expired")
        self.expire(payment)
        return self.now(plan)

    def delivered_plan(self, plan: Plan) -> Plan:
        following.ship(plan=plan, at=self.at, actor=self.seller)
        following.deliver(plan=plan, by="carrier", at=self.at, actor=CARRIER)
        return self.now(plan)

    @staticmethod
    def parts(plan: Plan) -> list[PlanPart]:
        return list(queries.parts_of(plan))

    def part(self, plan: Plan, position: int) -> PlanPart:
        return self.parts(plan)[position - 1]

    def states(self, plan: Plan) -> list[str]:
        return [str(part.state) for part in self.parts(plan)]

    @staticmethod
    def now(plan: Plan) -> Plan:
        return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def maker(at: datetime) -> PlanMaker:
    return PlanMaker(at)
