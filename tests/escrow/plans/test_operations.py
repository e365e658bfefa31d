"""A plan's life on real commits: paid part by part, handed over, confirmed, missed, cancelled, frozen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction

from core import jobs
from core.actors import SYSTEM
from core.money import Money
from core.states import MoveNotAllowed, check
from escrow.holds import operations as holds
from escrow.holds import overlay
from escrow.holds import sweep as hold_clock
from escrow.ledger import accounts
from escrow.payments.models import Payment
from escrow.plans import following, queries, signals, sweep, terms
from escrow.plans import operations as plans
from escrow.plans.models import PlanPart
from escrow.plans.states import FLOWS
from tests.escrow.plans.conftest import DEPOSIT

Book = Callable[..., int]
NET = 12_543  # of 13,823, less commission and the tax on it
MONTHLY = terms.parts(count=3)
STEPS = terms.milestones(steps=[("Design", 40), ("Built", 60)], days=20)


def test_flows_are_whole() -> None:
    assert [check(flow) for flow in FLOWS] == [[], []]


def test_deposit_and_balance_are_released_together_when_the_goods_are_confirmed(maker, at: datetime, book: Book) -> None:
    plan = maker.running()
    assert (plan.state, maker.states(plan), queries.left(plan).amount_minor) == ("running", ["held", "waiting"], 4_147)
    with pytest.raises(following.BalanceDue):
        following.ship(plan=plan, at=at, actor=maker.seller)
    plan = maker.pay_part(plan, 2)
    assert plan.state == "paid"
    plan = maker.delivered_plan(plan)
    following.confirm(plan=plan, at=at, actor=maker.buyer)
    assert (maker.now(plan).state, maker.states(plan)) == ("finished", ["released", "released"])
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == NET
    assert book(accounts.commission("EUR")) == 1_067


def test_silence_releases_every_part_of_what_was_delivered(maker, at: datetime, book: Book) -> None:
    plan = maker.delivered_plan(maker.paid())
    hold_clock.move_due(at=at + timedelta(days=15))
    assert (maker.now(plan).state, book(accounts.seller_payable("SELLERPARTY1", "EUR"))) == ("finished", NET)


def test_part_paid_after_the_goods_were_confirmed_is_released_at_once(maker, at: datetime, book: Book) -> None:
    plan = maker.running(MONTHLY)
    following.ship(plan=plan, at=at, actor=maker.seller)
    plan = maker.pay_part(plan, 2)
    assert [part.hold.state for part in maker.parts(plan)[:2]] == ["shipped", "shipped"]
    plan = maker.delivered_plan(plan)
    following.confirm(plan=plan, at=at, actor=maker.buyer)
    assert (maker.now(plan).state, maker.states(plan)) == ("running", ["released", "released", "waiting"])
    plan = maker.pay_part(plan, 3)
    assert (plan.state, maker.states(plan), book(accounts.seller_payable("SELLERPARTY1", "EUR"))) == ("finished", ["released"] * 3, NET)


def test_milestones_are_handed_over_and_released_by_themselves(maker, at: datetime) -> None:
    plan = maker.running(STEPS)
    first = maker.part(plan, 1)
    following.hand_over(part=first, at=at, actor=maker.seller)
    following.receive(part=first, at=at, actor=maker.buyer)
    assert maker.part(plan, 1).hold.due_at == at + timedelta(days=14)
    following.confirm_part(part=first, at=at, actor=maker.buyer)
    assert maker.states(plan) == ["released", "waiting"]
    plan = maker.pay_part(plan, 2)
    with pytest.raises(MoveNotAllowed):  # never handed over
        following.confirm_part(part=maker.part(plan, 2), at=at, actor=maker.buyer)
    following.hand_over(part=maker.part(plan, 2), at=at, actor=maker.seller)
    following.confirm_part(part=maker.part(plan, 2), at=at, actor=maker.buyer)
    assert maker.now(plan).state == "finished"


def test_parts_of_goods_are_not_confirmed_by_themselves(maker, at: datetime) -> None:
    with pytest.raises(following.NotAMilestone):
        following.confirm_part(part=maker.part(maker.running(), 1), at=at, actor=maker.buyer)


def test_missed_balance_gives_the_deposit_back_or_forfeits_it_by_the_terms(maker, at: datetime, book: Book) -> None:
    told: list[str] = []
    signals.plan_settled.connect(lambda plan, **_rest: told.append(plan.reference), weak=False, dispatch_uid="t")
    kind, hard = maker.running(), maker.running(terms.deposit(percent=30, days=14, late="forfeit"))
    assert sweep.move_due(at=at + timedelta(days=20)) == {"reminded": 2}
    assert sweep.move_due(at=at + timedelta(days=21))["missed"] == 2
    signals.plan_settled.disconnect(dispatch_uid="t")
    assert [maker.states(plan) for plan in (kind, hard)] == [["refunded", "dropped"], ["released", "dropped"]]
    assert (maker.now(kind).state, maker.now(hard).state, sorted(told)) == ("missed", "missed", sorted([kind.reference, hard.reference]))
    assert book(accounts.refund_pending("EUR")) == 4_147
    with pytest.raises(MoveNotAllowed):
        maker.ask(hard, 2)


def test_reminders_come_before_on_and_after_the_day_once_each(maker, at: datetime) -> None:
    plan, told = maker.running(), []
    due = maker.part(plan, 2).due_at
    signals.part_reminder_due.connect(lambda which, **_rest: told.append(which), weak=False, dispatch_uid="t")
    for days in (-4, -3, -3, 0, 0, 1, 2):
        sweep.move_due(at=due + timedelta(days=days))
    signals.part_reminder_due.disconnect(dispatch_uid="t")
    assert told == ["before", "on", "after"]


def test_seller_gives_more_time_a_few_times_and_the_deposit_waits_with_it(maker, at: datetime) -> None:
    plan = maker.running()
    before = maker.part(plan, 1).hold.due_at
    plans.extend(part=maker.part(plan, 2), days=10, at=at, actor=maker.seller)
    assert maker.part(plan, 2).decide_at == at + timedelta(days=31)
    assert maker.part(plan, 1).hold.due_at == before + timedelta(days=10)
    assert not sweep.move_due(at=at + timedelta(days=20))["missed"]
    plans.extend(part=maker.part(plan, 2), days=30, at=at, actor=maker.seller)
    with pytest.raises(plans.NoMoreTime):  # the provider's limit comes first
        plans.extend(part=maker.part(plan, 2), days=30, at=at, actor=maker.seller)
    assert maker.part(plan, 2).extensions == 2


def test_cancelled_plan_gives_every_part_back(maker, at: datetime, book: Book) -> None:
    plan = maker.paid()
    plans.cancel(plan=plan, reason="changed my mind", by="buyer", at=at, actor=maker.buyer)
    assert (maker.now(plan).state, maker.states(plan)) == ("cancelled", ["refunded", "refunded"])
    assert book(accounts.refund_pending("EUR")) == 13_823


def test_seller_who_never_sends_loses_every_part(maker, at: datetime, book: Book) -> None:
    plan = maker.paid()
    hold_clock.move_due(at=at + timedelta(days=16))  # the balance's own clock: the deposit could have waited longer
    assert (maker.now(plan).state, maker.states(plan)) == ("cancelled", ["refunded", "refunded"])


def test_money_that_comes_after_the_end_goes_back_by_itself(maker, at: datetime, book: Book) -> None:
    plan = maker.running()
    maker.ask(plan, 2)
    plans.cancel(plan=plan, reason="no longer", by="seller", at=at, actor=maker.seller)
    assert maker.states(plan) == ["refunded", "paying"]
    maker.settle_payment(plan, 2)
    assert maker.states(plan) == ["refunded", "refunded"]
    assert book(accounts.refund_pending("EUR")) == 13_823


def test_part_whose_payment_lapsed_may_be_paid_again(maker, at: datetime) -> None:
    plan = maker.running()
    payment = maker.ask(plan, 2)
    assert maker.ask(plan, 2).pk == payment.pk
    maker.lapse(plan, 2)
    assert maker.states(plan) == ["held", "waiting"]
    assert maker.pay_part(plan, 2).state == "paid"


def test_first_part_never_paid_ends_the_plan(maker) -> None:
    plan = maker.lapse(maker.agreed(), 1)
    assert (plan.state, maker.states(plan)) == ("expired", ["dropped", "dropped"])


def test_parts_are_paid_in_order_and_not_while_an_issue_is_open(maker, at: datetime) -> None:
    plan = maker.running(MONTHLY)
    with pytest.raises(plans.NotYetDue):
        maker.ask(plan, 3)
    following.report(plan=plan, reason="other", words="?", at=at, actor=maker.buyer)
    with pytest.raises(plans.PlanPaused):
        maker.ask(plan, 2)
    assert not sweep.move_due(at=at + timedelta(days=50))["missed"]  # the days of grace wait for the desk
    following.withdraw(plan=plan, at=at, actor=maker.buyer)
    assert maker.pay_part(plan, 2).state == "running"


def test_dispute_freezes_its_part_and_the_others_run_on(maker, at: datetime) -> None:
    plan = maker.delivered_plan(maker.paid())
    holds.open_issue(hold=maker.part(plan, 2).hold, reason="damaged", at=at, actor=maker.buyer)
    hold_clock.move_due(at=at + timedelta(days=15))
    assert (maker.now(plan).state, maker.states(plan)) == ("paid", ["released", "held"])
    holds.settle_issue(hold=maker.part(plan, 2).hold, outcome="refund", reason="broken", at=at, actor=maker.staff)
    assert maker.states(plan) == ["released", "refunded"]
    assert maker.now(plan).state == "finished"


def test_partial_refund_comes_from_every_held_part(maker, at: datetime, book: Book) -> None:
    plan = maker.paid()
    following.refund(plan=plan, amount=Money(1_001, "EUR"), reason="scratched", at=at, actor=maker.seller, by="seller")
    assert [part.hold.refunded_minor for part in maker.parts(plan)] == [300, 701]
    assert queries.left(plan).amount_minor == 12_822


def test_every_open_step_says_who_by_when_and_what_silence_does(maker, at: datetime) -> None:
    plan = maker.running(MONTHLY)
    steps = queries.steps(maker.parts(plan), at)
    assert [(step.next_action, step.who) for step in steps] == [("ship", "seller"), ("pay", "buyer"), ("wait", "buyer")]
    assert all(step.due_at and str(step.what_happens_if_silent) for step in steps)
    assert all(one.part.due_at < other.part.due_at for one, other in pairwise(steps))


def test_database_keeps_what_was_agreed(maker) -> None:
    plan = maker.running()
    with pytest.raises(DatabaseError):
        PlanPart.objects.filter(plan=plan, position=2).update(amount_minor=1)


def test_plan_that_ends_while_a_part_is_being_paid_calls_the_payment_off(maker, at: datetime) -> None:
    plan = maker.running()
    payment = maker.ask(plan, 2)
    plans.cancel(plan=plan, reason="no longer", by="seller", at=at, actor=maker.seller)
    jobs.run_due()
    assert Payment.objects.get(pk=payment.pk).state == "cancelled"
    assert maker.states(plan) == ["refunded", "dropped"]


def test_a_part_that_a_bank_examines_does_not_stop_the_end_of_the_others(maker, at: datetime) -> None:
    plan = maker.paid(DEPOSIT)
    with transaction.atomic():
        overlay.lay(maker.part(plan, 2).hold, at=at, actor=SYSTEM)
    holds.refund(hold=maker.part(plan, 1).hold, reason="x", at=at, actor=maker.seller)
    plan = maker.now(plan)
    assert (plan.state, maker.states(plan)) == ("cancelled", ["refunded", "held"])
    with transaction.atomic():
        overlay.lift(maker.part(plan, 2).hold, at=at, actor=SYSTEM)
    hold_clock.move_due(at=at + timedelta(days=60))
    assert maker.states(plan) == ["refunded", "refunded"]
