"""The part is paid, the plan is cancelled and its days of grace end, all at once: one end, and every cent explained."""

from __future__ import annotations

from datetime import timedelta

from core.errors import Busy
from core.states import MoveNotAllowed
from escrow.holds import operations as holds
from escrow.ledger import accounts
from escrow.payments.models import Payment
from escrow.plans import operations as plans
from escrow.plans import sweep
from tests.escrow.holds.test_races import together

ROUNDS = 8


def test_payment_cancel_and_late_timer_at_once_have_one_end(maker, book) -> None:
    back = 0
    for round_ in range(ROUNDS):
        plan = maker.running()
        if round_ % 2:
            maker.ask(plan, 2)
            payment = maker.part(plan, 2).payment
            Payment.objects.filter(pk=payment.pk).update(state="succeeded", succeeded_at=maker.at)
            pay = lambda payment=payment: maker.pay(payment)  # noqa: E731
        else:
            pay = lambda plan=plan: maker.ask(plan, 2)  # noqa: E731
        answers = together(
            pay,
            lambda plan=plan: plans.cancel(plan=plan, reason="x", by="buyer", at=maker.at, actor=maker.buyer),
            lambda: sweep.move_due(at=maker.at + timedelta(days=22)),
        )
        odd = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, (MoveNotAllowed, holds.HoldFrozen, Busy))]
        assert odd == []
        plan, states = maker.now(plan), maker.states(plan)
        if isinstance(answers[0], Busy) and round_ % 2:
            maker.settle_payment(plan, 2)  # the webhook comes again
            plan, states = maker.now(plan), maker.states(plan)
        assert (plan.state, states) in (
            ("cancelled", ["refunded", "refunded"]),
            ("cancelled", ["refunded", "paying"]),
            ("cancelled", ["refunded", "dropped"]),
            ("missed", ["refunded", "dropped"]),
            ("running", ["held", "paying"]),
            ("running", ["held", "waiting"]),
            ("paid", ["held", "held"]),
        )
        back += sum(part.amount_minor for part in maker.parts(plan) if part.state == "refunded")
    assert book(accounts.refund_pending("EUR")) == back
