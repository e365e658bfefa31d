"""Verbs of a hold, each with its entries, on real commits."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Forbidden, Invalid
from core.money import Money
from core.states import MoveNotAllowed, check
from escrow.holds import operations as holds
from escrow.holds import queries
from escrow.holds.models import Hold, HoldPart
from escrow.holds.states import FLOW
from escrow.ledger import accounts
from escrow.payments.models import Payment, Refund

Book = Callable[..., int]


def test_flow_is_whole() -> None:
    assert check(FLOW) == []


def test_database_keeps_the_edges_of_the_flow() -> None:
    from importlib import import_module

    edges = eval(f"{{{import_module('escrow.migrations.0021_hold_guards').EDGES}}}")
    assert edges == {(str(source), str(move.target)) for move in FLOW.moves for source in move.sources if source != move.target}


def test_payment_funds_every_hold_once(maker, at: datetime, book: Book) -> None:
    hold = maker.funded()
    maker.pay(hold.payment)
    assert hold.state == "funded"
    assert book(accounts.hold(hold.reference, "EUR")) == 13_823
    assert book(accounts.psp_clearing("sandbox", "EUR")) == 13_823
    assert hold.due_at == at + timedelta(days=16)
    assert hold.remind_at == at + timedelta(days=13)


def test_fund_refuses_holds_that_do_not_add_up(maker, at: datetime, book: Book) -> None:
    hold = maker.pending()
    Payment.objects.filter(pk=hold.payment_id).update(amount_minor=13_822)
    with pytest.raises(holds.HoldsDisagree):
        maker.pay(Payment.objects.get(pk=hold.payment_id))
    assert maker.fresh(hold).state == "pending"
    assert book(accounts.hold(hold.reference, "EUR")) == 0


def test_expired_payment_ends_the_hold(maker, at: datetime) -> None:
    hold = maker.pending()
    maker.expire(hold.payment)
    hold = maker.fresh(hold)
    assert (hold.state, hold.due_at, hold.left_minor) == ("expired", None, 0)
    maker.pay(hold.payment)
    assert maker.fresh(hold).state == "expired"


def test_confirm_pays_the_seller_less_commission(maker, at: datetime, book: Book) -> None:
    hold = holds.confirm(hold=maker.delivered(), at=at, actor=maker.buyer)
    assert hold.state == maker.fresh(hold).state == "released"
    assert book(accounts.hold(hold.reference, "EUR")) == 0
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 13_823 - 1_067 - 213
    assert book(accounts.commission("EUR")) == 1_067
    assert book(accounts.tax_payable("EUR")) == 213
    assert [part.released_minor for part in hold.parts.order_by("id")] == [10_000, 3_333, 490]
    assert hold.due_at == at + timedelta(days=30)


def test_confirm_twice_pays_once(maker, at: datetime, book: Book) -> None:
    hold = maker.delivered()
    holds.confirm(hold=hold, at=at, actor=maker.buyer)
    with pytest.raises(MoveNotAllowed):
        holds.confirm(hold=hold, at=at, actor=maker.buyer)
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 12_543


def test_confirm_refuses_a_parcel_that_was_never_sent(maker, at: datetime) -> None:
    with pytest.raises(MoveNotAllowed):
        holds.confirm(hold=maker.funded(), at=at, actor=maker.buyer)
    assert holds.confirm(hold=maker.funded(hand_over="pickup"), at=at, actor=maker.buyer).state == "released"


def test_buyer_cancels_before_shipment_only(maker, at: datetime, book: Book) -> None:
    hold = holds.refund(hold=maker.funded(), reason="changed my mind", by="buyer", at=at, actor=maker.buyer)
    assert hold.state == "refunded"
    assert book(accounts.refund_pending("EUR")) == 13_823
    assert Refund.objects.get(hold=hold.reference).amount_minor == 13_823
    with pytest.raises(MoveNotAllowed):
        holds.refund(hold=maker.shipped(), reason="changed my mind", by="buyer", at=at, actor=maker.buyer)


def test_partial_refunds_in_any_order_end_at_zero(maker, at: datetime, book: Book) -> None:
    hold = maker.delivered()
    for amount in (1, 777, 3_333):
        hold = holds.refund(hold=hold, amount=Money(amount, "EUR"), reason="scratch", at=at, actor=maker.seller)
        assert hold.state == "delivered"
    hold = holds.refund(hold=hold, parts={"delivery": hold.parts.get(line="delivery").left.amount_minor}, reason="late", at=at, actor=maker.seller)
    hold = holds.confirm(hold=hold, at=at, actor=maker.buyer)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == hold.refunded_minor == book(accounts.refund_pending("EUR"))
    assert hold.refunded_minor + hold.released_minor == 13_823
    charged = book(accounts.commission("EUR")) + book(accounts.tax_payable("EUR"))
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) + charged == hold.released_minor
    waived = sum(part.waived_commission_minor + part.waived_tax_minor for part in hold.parts.all())
    assert charged + waived == 1_280


def test_partial_release_then_rest_equals_whole(maker, at: datetime, book: Book) -> None:
    hold = holds.release(hold=maker.delivered(), parts=["LINE2"], at=at, actor=maker.staff)
    assert (hold.state, hold.released_minor) == ("delivered", 3_333)
    hold = holds.release(hold=hold, amount=Money(5_000, "EUR"), at=at, actor=maker.staff)
    holds.confirm(hold=hold, at=at, actor=maker.buyer)
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 12_543
    assert (book(accounts.commission("EUR")), book(accounts.tax_payable("EUR"))) == (1_067, 213)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": Money(13_824, "EUR")}, holds.MoreThanHeld),
        ({"amount": Money(0, "EUR")}, Invalid),
        ({"amount": Money(-5, "EUR")}, Invalid),
        ({"amount": Money(5, "USD")}, Invalid),
        ({"parts": {"LINE1": 10_001}}, holds.MoreThanHeld),
        ({"parts": {"LINE1": -1}}, Invalid),
        ({"parts": ["NOWHERE"]}, Invalid),
    ],
)
def test_refund_refuses_impossible_amounts(maker, at: datetime, book: Book, change, error) -> None:
    hold = maker.shipped()
    with pytest.raises(error):
        holds.refund(hold=hold, reason="x", at=at, actor=maker.seller, **change)
    assert book(accounts.refund_pending("EUR")) == 0
    assert maker.fresh(hold).refunded_minor == 0


def test_seller_alone_never_starts_the_inspection(maker, at: datetime) -> None:
    hold = maker.shipped()
    for by in ("seller", "carrier", "staff", ""):
        with pytest.raises(holds.DeliveryNotProven):
            holds.mark_delivered(hold=hold, by=by, at=at, actor=maker.seller)
    assert maker.fresh(hold).state == "shipped"
    assert holds.mark_delivered(hold=hold, by="code", at=at, actor=maker.seller).due_at == at + timedelta(days=14)


def test_extension_works_once(maker, at: datetime) -> None:
    hold = holds.extend_inspection(hold=maker.delivered(), at=at, actor=maker.buyer)
    assert hold.due_at == at + timedelta(days=21)
    with pytest.raises(holds.AlreadyExtended):
        holds.extend_inspection(hold=hold, at=at, actor=maker.buyer)


def test_issue_freezes_everything(maker, at: datetime, book: Book) -> None:
    hold = maker.disputed()
    assert book(accounts.hold_frozen(hold.reference, "EUR")) == 13_823
    for move in (
        lambda: holds.refund(hold=hold, reason="x", at=at, actor=maker.seller),
        lambda: holds.release(hold=hold, at=at, actor=maker.staff),
        lambda: holds.extend_inspection(hold=hold, at=at, actor=maker.buyer),
        lambda: holds.mark_shipped(hold=hold, at=at, actor=maker.seller),
    ):
        with pytest.raises(holds.HoldFrozen):
            move()
    with pytest.raises(Forbidden):
        holds.settle_issue(hold=hold, outcome="refund", reason="mine", at=at, actor=maker.seller)


@pytest.mark.parametrize("outcome", ["release", "refund"])
def test_desk_settles_an_issue(maker, at: datetime, book: Book, outcome: str) -> None:
    hold = maker.disputed()
    planned = {line.account: line.credit.amount_minor - line.debit.amount_minor for line in queries.preview(hold, outcome)}
    assert sum(planned.values()) == 0
    hold = holds.settle_issue(hold=hold, outcome=outcome, reason="The photos agree.", at=at, actor=maker.staff)
    assert (hold.state, hold.frozen_from) == (outcome + ("d" if outcome.endswith("e") else "ed"), "")
    assert book(accounts.hold_frozen(hold.reference, "EUR")) == book(accounts.hold(hold.reference, "EUR")) == 0
    assert planned[f"hold_frozen:{hold.reference}"] == -13_823
    issue = hold.issues.get()
    assert (issue.outcome, issue.decision, issue.decided_by) == (outcome, "The photos agree.", "STAFFUSER001")
    with pytest.raises(MoveNotAllowed):
        holds.settle_issue(hold=hold, outcome=outcome, reason="again", at=at, actor=maker.staff)


def test_withdrawn_issue_gives_the_time_back(maker, at: datetime, book: Book) -> None:
    hold = maker.disputed()
    later = at + timedelta(days=40)
    hold = holds.withdraw_issue(hold=hold, at=later, actor=maker.buyer)
    assert (hold.state, hold.due_at, hold.due_move) == ("delivered", later + timedelta(days=14), "release")
    assert book(accounts.hold(hold.reference, "EUR")) == 13_823


def test_confirm_ends_the_buyers_own_issue(maker, at: datetime) -> None:
    hold = holds.confirm(hold=maker.disputed(), at=at, actor=maker.buyer)
    assert (hold.state, hold.issues.get().outcome) == ("released", "withdrawn")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escrow_hold SET gross_minor = gross_minor + 1",
        "UPDATE escrow_hold SET state = 'released', released_minor = gross_minor, frozen_from = '' WHERE state = 'pending'",
        "UPDATE escrow_hold SET state = 'closed'",
        "UPDATE escrow_hold SET refunded_minor = gross_minor + 1",
        "UPDATE escrow_hold SET due_at = NULL",
        "DELETE FROM escrow_hold",
        "UPDATE escrow_holdpart SET commission_minor = 0",
        "UPDATE escrow_holdpart SET refunded_cash_minor = cash_minor + 1",
        "DELETE FROM escrow_holdpart",
        "UPDATE escrow_holdevent SET reason = 'other'",
        "DELETE FROM escrow_holdevent",
        "TRUNCATE escrow_holdevent",
    ],
)
def test_database_refuses(maker, statement: str) -> None:
    maker.pending()
    maker.disputed()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert HoldPart.objects.count() == 6
    assert Hold.objects.count() == 2


def test_money_story_reads_like_the_book(maker, at: datetime) -> None:
    hold = maker.disputed()
    holds.settle_issue(hold=hold, outcome="release", reason="ok", at=at, actor=maker.staff)
    story = queries.money_story(hold)
    assert [(move.event, move.amount.amount_minor) for move in story] == [
        ("fund", 13_823), ("freeze", 13_823), ("release", 12_543), ("release", 1_067), ("release", 213),
    ]  # fmt: skip
