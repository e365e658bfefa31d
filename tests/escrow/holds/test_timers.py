"""Silence decides: every timer with the database's clock moved."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.actors import CARRIER
from core.states import MoveNotAllowed
from escrow.holds import jobs, queries, signals, sweep, timers
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.ledger import accounts
from escrow.payments.models import Refund

Book = Callable[..., int]
Travel = Callable[..., datetime]


def swept(hold: Hold) -> Hold:
    jobs.move_due_holds()
    return Hold.objects.get(pk=hold.pk)


def test_unpaid_waits_for_the_provider_and_not_for_our_clock(maker, travel: Travel) -> None:
    hold = maker.pending()
    travel(days=400)
    assert swept(hold).state == "pending"


def test_never_sent_goes_back(maker, travel: Travel, book: Book) -> None:
    hold = maker.funded(handling_days=2)
    travel(days=15, hours=23)
    assert swept(hold).state == "funded"
    travel(hours=1, minutes=1)
    assert swept(hold).state == "refunded"
    assert book(accounts.refund_pending("EUR")) == 13_823
    assert hold.events.get(name="refund").reason == "late_shipment"


def test_never_arrived_opens_an_issue_for_the_desk(maker, travel: Travel, book: Book) -> None:
    hold = maker.shipped()
    travel(days=30, minutes=1)
    hold = swept(hold)
    assert (hold.state, hold.issues.get().automatic, hold.issues.get().reason) == ("disputed", True, "not_received")
    assert book(accounts.hold_frozen(hold.reference, "EUR")) == 13_823
    assert list(queries.open_issues()) == [hold.issues.get()]


def test_late_arrival_ends_the_issue_that_opened_by_itself(maker, travel: Travel, book: Book) -> None:
    hold = maker.shipped()
    travel(days=30, minutes=1)
    hold = swept(hold)
    at = travel(days=1)
    hold = holds.mark_delivered(hold=hold, by="carrier", at=at, actor=CARRIER)
    assert (hold.state, hold.issues.get().outcome, hold.due_at) == ("delivered", "withdrawn", at + timedelta(days=14))
    assert book(accounts.hold(hold.reference, "EUR")) == 13_823


def test_arrival_during_the_buyers_issue_is_only_noted(maker, at: datetime) -> None:
    hold = maker.shipped()
    holds.open_issue(hold=hold, reason="not_received", at=at, actor=maker.buyer)
    hold = holds.mark_delivered(hold=hold, by="carrier", at=at, actor=CARRIER)
    assert (hold.state, hold.frozen_from, hold.delivered_at) == ("disputed", "delivered", at)
    hold = holds.withdraw_issue(hold=hold, at=at, actor=maker.buyer)
    assert (hold.state, hold.due_at) == ("delivered", at + timedelta(days=14))


@pytest.mark.parametrize(("terms", "days"), [({}, 14), ({"hand_over": "pickup"}, 2), ({"inspection_days": 5}, 5), ({"inspection_days": 99}, 30)])
def test_silent_buyer_pays_the_seller(maker, travel: Travel, book: Book, terms, days: int) -> None:
    hold = maker.delivered(**terms)
    travel(days=days, minutes=-1)
    assert swept(hold).state == "delivered"
    travel(minutes=2)
    hold = swept(hold)
    assert hold.state == "released"
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 12_543


def test_extension_holds_the_timer_a_week(maker, at: datetime, travel: Travel) -> None:
    hold = holds.extend_inspection(hold=maker.delivered(), at=at, actor=maker.buyer)
    travel(days=20)
    assert swept(hold).state == "delivered"
    travel(days=1, minutes=1)
    assert swept(hold).state == "released"


def test_issue_stops_the_timer(maker, travel: Travel) -> None:
    hold = maker.disputed()
    travel(days=59)
    assert swept(hold).state == "disputed"


@pytest.mark.parametrize(("make", "silence", "end"), [("shipped", "release", "released"), ("funded", "refund", "refunded")])
def test_silent_arbiter_pays_whom_the_shipment_speaks_for(maker, at: datetime, travel: Travel, make: str, silence: str, end: str) -> None:
    hold = getattr(maker, make)()
    holds.open_issue(hold=hold, reason="other", at=at, actor=maker.buyer)
    step = queries.next_step(Hold.objects.get(pk=hold.pk), at)
    assert (step.who, step.if_silent) == ("staff", silence)
    travel(days=60, minutes=1)
    hold = swept(hold)
    assert hold.state == end
    assert hold.issues.get().decision == "silence"


@pytest.mark.parametrize("make", ["funded", "shipped", "delivered", "disputed"])
def test_chargeback_stops_every_timer(maker, travel: Travel, make: str) -> None:
    hold = getattr(maker, make)()
    Hold.objects.filter(pk=hold.pk).update(chargeback_open=True)
    at = travel(days=300)
    assert swept(hold).state == hold.state
    for move in (
        lambda: holds.confirm(hold=hold, at=at, actor=maker.buyer),
        lambda: holds.refund(hold=hold, reason="x", at=at, actor=maker.seller),
        lambda: holds.settle_issue(hold=hold, outcome="refund", reason="x", at=at, actor=maker.staff),
    ):
        with pytest.raises((holds.HoldFrozen, MoveNotAllowed)):
            move()
    assert queries.next_step(swept(hold), at).who == "bank"
    Hold.objects.filter(pk=hold.pk).update(chargeback_open=False)  # it was never in the book


def test_hold_never_outlives_the_providers_limit(maker, at: datetime, travel: Travel, book: Book) -> None:
    hold = maker.funded(handling_days=30)
    limit = at + timedelta(days=76)
    travel(days=43)
    hold = holds.mark_shipped(hold=hold, at=travel(), actor=maker.seller)
    moved = travel(days=29)
    hold = holds.mark_delivered(hold=hold, by="carrier", at=moved, actor=CARRIER)
    assert (hold.due_at, hold.due_move) == (limit, "force")
    assert queries.next_step(hold, moved).if_silent == "release"
    moved = travel(days=1)
    holds.open_issue(hold=hold, reason="damaged", at=moved, actor=maker.buyer)
    hold = Hold.objects.get(pk=hold.pk)
    assert (hold.due_at, hold.due_move) == (limit, "force")
    travel(days=3, minutes=1)
    assert swept(hold).state == "released"


def test_closed_only_when_its_refunds_arrived(maker, at: datetime, travel: Travel) -> None:
    hold = holds.refund(hold=maker.funded(), reason="x", at=at, actor=maker.seller)
    travel(days=30, minutes=1)
    hold = swept(hold)
    assert (hold.state, hold.due_move) == ("refunded", "close")
    Refund.objects.update(state="confirmed", confirmed_at=at)
    travel(days=1, minutes=1)
    hold = swept(hold)
    assert (hold.state, hold.due_at) == ("closed", None)
    Refund.objects.update(state="asked", confirmed_at=None)  # no provider took part, so the book knows nothing of its arrival


def test_released_closes_after_a_month(maker, at: datetime, travel: Travel) -> None:
    hold = holds.confirm(hold=maker.delivered(), at=at, actor=maker.buyer)
    travel(days=29)
    assert swept(hold).state == "released"
    travel(days=1, minutes=1)
    assert swept(hold).state == "closed"


def test_reminders_come_once(maker, travel: Travel) -> None:
    told: list[tuple[str, str]] = []

    def note(*, hold: Hold, which: str, **_rest: object) -> None:
        told.append((hold.reference, which))

    signals.hold_reminder_due.connect(note)
    try:
        funded, shipped, delivered = maker.funded(), maker.shipped(), maker.delivered()
        travel(days=11, minutes=1)
        jobs.move_due_holds()
        travel(days=2)
        jobs.move_due_holds()
        jobs.move_due_holds()
        travel(days=14)
        jobs.move_due_holds()
    finally:
        signals.hold_reminder_due.disconnect(note)
    assert told == [(delivered.reference, "inspection"), (funded.reference, "ship"), (shipped.reference, "arrival")]


def test_sweep_releases_in_batches_and_finds_nothing_twice(maker, travel: Travel, book: Book) -> None:
    made = [maker.delivered(seller=f"SELLER{number % 7:06}") for number in range(60)]
    at = travel(days=15)
    assert sweep.move_due(at=at) == {"release": 60}
    assert sweep.move_due(at=at) == {}
    assert book(accounts.commission("EUR")) == 60 * 1_067
    assert Hold.objects.filter(state="released", released_minor=13_823).count() == len(made)


def test_one_poisoned_hold_does_not_stop_the_others(maker, travel: Travel) -> None:
    poisoned, good = maker.delivered(), [maker.delivered() for _ in range(3)]

    def fail(*, hold: Hold, **_rest: object) -> None:
        if hold.pk == poisoned.pk:
            raise RuntimeError("a receiver above is broken")

    signals.hold_released.connect(fail)
    try:
        at = travel(days=15)
        assert sweep.move_due(at=at) == {"release": 3, "failed": 1}
    finally:
        signals.hold_released.disconnect(fail)
    assert {Hold.objects.get(pk=hold.pk).state for hold in good} == {"released"}
    assert Hold.objects.get(pk=poisoned.pk).state == "delivered"
    assert sweep.move_due(at=at) == {}
    assert sweep.move_due(at=at + sweep.TRY_AGAIN_AFTER) == {"release": 1}


@pytest.mark.parametrize("make", ["pending", "funded", "shipped", "delivered", "disputed"])
def test_every_waiting_state_says_what_silence_does(maker, at: datetime, make: str) -> None:
    step = queries.next_step(getattr(maker, make)(), at)
    assert step.next_action
    assert step.who
    assert step.due_at
    assert step.if_silent
    assert str(step.sentence)
    assert str(step.what_happens_if_silent)


def test_deadlines_give_way_to_the_limit() -> None:
    at = datetime(2026, 1, 1)
    limit = timers.limit_of(days=90, paid_at=at)
    assert limit == at + timedelta(days=76)
    late = timers.after_delivery(at=at + timedelta(days=70), inspection_days=14, limit_at=limit)
    assert (late.due_at, late.due_move) == (limit, "force")
    passed = timers.after_dispute(at=at + timedelta(days=80), limit_at=limit)
    assert passed.due_at == at + timedelta(days=80)
