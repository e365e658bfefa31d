"""Rules: a price that is paid in parts: a deposit and its balance, equal parts, or milestones. Each part is a payment and a hold of its own."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core import references
from escrow.holds.models import Hold
from escrow.holds.operations import HoldTerms
from escrow.payments import operations as payments
from escrow.payments.models import Payment
from escrow.plans import following, queries, schedule, terms
from escrow.plans import operations as plans
from escrow.plans.models import Plan, PlanPart
from escrow.plans.operations import Agreement
from tests.proof.arithmetic import Part, Slice
from tests.proof.life import BUYER, BUYERS, SELLER, SELLERS, WHICH, Pay
from tests.proof.model import Held
from tests.proof.paying_out import PayingOut
from tests.proof.trading import LINES, Line, draft

OFFERS = st.sampled_from([
    terms.deposit(percent=30, days=5),
    terms.deposit(percent=50, days=4, ships="first", late="forfeit"),
    terms.deposit(percent=20, days=6, late="forfeit"),
    terms.parts(count=3),
    terms.milestones(steps=[("Drawn", 30), ("Built", 70)], days=5),
])  # fmt: skip
MOST_PLANS = 2


class Living(PayingOut):
    """All rules together."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: list[int] = []

    @precondition(lambda self: len(self.plans) < MOST_PLANS)
    @rule(buyer=st.sampled_from(BUYERS), seller=st.sampled_from(SELLERS), lines=LINES, offer=OFFERS, parcel=st.booleans())
    def plan_is_agreed(self, buyer: str, seller: str, lines: list[Line], offer: schedule.Terms, parcel: bool) -> None:
        drafts = [draft(f"LINE{number}", Line(line.gross + 2_000, 0, 0, line.fee), 0) for number, line in enumerate(lines)]
        trade, total = references.new(), self.money(sum(part.gross_minor for part in drafts))
        terms_of_hold = HoldTerms(hand_over="parcel" if parcel else "pickup")
        with transaction.atomic():
            payment = payments.request(
                trade=trade, buyer=buyer, amount=plans.first_of(offer, total=total, at=self.at), snapshot_hash="5" * 64, return_url="/back/",
                expires_at=self.at + timedelta(minutes=30), description="Part 1", at=self.at, actor=BUYER,
            )  # fmt: skip
            agreement = Agreement(trade=trade, buyer=buyer, seller=seller, lines=drafts, terms=offer, hold_terms=terms_of_hold)
            plan, hold = plans.open(agreement=agreement, payment=payment, at=self.at, actor=BUYER)
        self.plans.append(plan.pk)
        self._part_is_asked(payment, hold)

    def _part_is_asked(self, payment: Payment, row: Hold) -> None:
        parts = [Part(one.line, Slice(one.cash_minor, 0, 0, one.commission_minor, one.tax_minor)) for one in row.parts.order_by("id")]
        hold = Held(row.reference, row.pk, row.buyer, row.seller, row.hand_over == "parcel", parts, planned=True, row=row)
        payments.start(payment_reference=payment.reference)
        payment.refresh_from_db()
        pay = Pay(payment, [hold])
        self.payments.append(pay)
        self.bank.is_paid(payment.provider_ref)
        self.hear_of_payment(pay)

    def parts(self) -> list[PlanPart]:
        return [part for pk in self.plans for part in queries.parts_of(Plan.objects.get(pk=pk))]

    @precondition(lambda self: self.plans)
    @rule(which=WHICH)
    def next_part_is_paid(self, which: int) -> None:
        waiting = [part for part in self.parts() if part.state == "waiting"]
        if not waiting:
            return
        part = self.pick(waiting, which)
        work = lambda: plans.pay(part=part, return_url="/back/", description="Part", at=self.at, actor=BUYER)  # noqa: E731
        if payment := self.attempt("part asked", None, work):
            self._part_is_asked(payment, Hold.objects.get(plan_part__pk=part.pk))

    @precondition(lambda self: self.plans)
    @rule(which=WHICH, verb=st.sampled_from(["ship", "deliver", "confirm", "refund", "cancel", "extend"]), share=st.integers(1, 9))
    def plan_goes_on(self, which: int, verb: str, share: int) -> None:
        """What is done to all its parts together: the holds say what happened, the model how much."""
        plan = Plan.objects.get(pk=self.pick(self.plans, which))
        parts = list(queries.parts_of(plan))
        left = sum(part.hold.left_minor for part in parts if part.state == "held" and part.hold)
        works = {
            "ship": lambda: following.ship(plan=plan, at=self.at, actor=SELLER),
            "deliver": lambda: following.deliver(plan=plan, by="buyer", at=self.at, actor=BUYER),
            "confirm": lambda: following.confirm(plan=plan, at=self.at, actor=BUYER),
            "refund": lambda: following.refund(plan=plan, amount=self.money(left * share // 9), reason="x", at=self.at, actor=SELLER, by="seller"),
            "cancel": lambda: plans.cancel(plan=plan, reason="x", by="seller", at=self.at, actor=SELLER),
            "extend": lambda: plans.extend(part=parts[-1], days=3, at=self.at, actor=SELLER),
        }
        before = self.last_event()
        if self.attempt(f"plan: {verb}", None, works[verb]):
            self.follow(before)
