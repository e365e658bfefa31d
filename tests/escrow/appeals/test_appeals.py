"""An appeal after the money has moved: who may make it until when, who decides, and where the money comes from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connections, transaction

from core.actors import Actor
from core.errors import Busy, Forbidden, Invalid, Refusal
from core.money import Money
from core.states import MoveNotAllowed
from escrow.appeals import operations as appeals
from escrow.appeals import sweep
from escrow.disputes import clocks, operations, queries, rulings
from escrow.disputes import sweep as disputes_sweep
from escrow.disputes.models import Appeal, Dispute
from escrow.disputes.moves import BankExamines
from escrow.holds.models import Hold
from escrow.late_refunds.operations import MoreThanReleased
from escrow.ledger import accounts, checks
from escrow.ledger import queries as ledger
from escrow.payments.models import Refund
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from tests.escrow.holds.conftest import BUYER, PARTS, SELLER, STAFF, Maker

SECOND = Actor("staff", "STAFFUSER002")
GROSS = sum(part.gross_minor for part in PARTS)
NEW = "The expert's letter came."


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def ruled(maker: Maker, at: datetime, minor: int = 3_000) -> Dispute:
    """Decided by STAFF, and carried out after the standstill."""
    dispute = Dispute.objects.select_related("hold").get(hold=maker.disputed())
    operations.escalate(dispute=dispute, side="seller", at=at, actor=SELLER)
    rulings.begin_deciding(dispute=dispute, by="staff", at=at, actor=STAFF)
    rulings.rule(dispute=dispute, to_buyer=euros(minor), reason="A scratch.", at=at, actor=STAFF)
    disputes_sweep.move_due(at=at + clocks.STANDSTILL)
    return fresh(dispute)


def fresh(dispute: Dispute) -> Dispute:
    return Dispute.objects.select_related("hold", "late_appeal").get(pk=dispute.pk)


def appealed(maker: Maker, at: datetime, minor: int = 3_000) -> Dispute:
    dispute = ruled(maker, at, minor)
    appeals.appeal(dispute=dispute, side="buyer", words=NEW, at=at + clocks.STANDSTILL, actor=BUYER)
    return fresh(dispute)


def able_to_be_paid(party: str, at: datetime) -> None:
    payouts.ensure_account(party=party, currency="EUR", country="DE", at=at, actor=SELLER)
    sending.open_account(party=party, at=at)


def decide(dispute: Dispute, minor: int, at: datetime, actor: Actor = SECOND) -> Appeal:
    return appeals.decide(dispute=dispute, more=euros(minor), reason="The letter.", at=at, actor=actor)


def test_the_difference_comes_from_the_sellers_balance_then_as_a_debt(maker: Maker, at: datetime) -> None:
    dispute = appealed(maker, at)
    payable, debt = accounts.seller_payable(dispute.hold.seller, "EUR"), accounts.seller_receivable(dispute.hold.seller, "EUR")
    able_to_be_paid(dispute.hold.seller, at)
    payouts.request(seller=dispute.hold.seller, currency="EUR", amount=euros(4_000), at=at, actor=SELLER)
    decide(dispute, GROSS - 3_000, at + clocks.STANDSTILL)
    assert (ledger.balance(payable), ledger.balance(debt)) == (0, 4_000)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == GROSS
    found = fresh(dispute)
    assert (found.late_appeal.state, found.state, found.hold.state) == ("granted", "closed", "divided")


def test_only_somebody_else_decides_and_only_once(maker: Maker, at: datetime) -> None:
    dispute = appealed(maker, at)
    with pytest.raises(rulings.SamePerson):
        decide(dispute, 100, at, STAFF)
    with pytest.raises(Forbidden):
        decide(dispute, 100, at, SELLER)
    for minor in (-1, GROSS):
        with pytest.raises((Invalid, MoreThanReleased)):
            decide(dispute, minor, at)
    assert decide(dispute, 0, at).state == "upheld"
    with pytest.raises(MoveNotAllowed):
        decide(dispute, 100, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.filter(dispute=dispute).update(reason="Another")


def test_the_buyer_has_thirty_days_the_seller_the_standstill(maker: Maker, at: datetime) -> None:
    dispute = ruled(maker, at)
    assert queries.actions_of(dispute, "buyer", at=at + clocks.APPEAL - timedelta(seconds=1)) == ("appeal",)
    assert queries.actions_of(dispute, "buyer", at=at + clocks.APPEAL) == queries.actions_of(dispute, "seller", at=at) == ()
    with pytest.raises(appeals.AppealOver):
        appeals.appeal(dispute=dispute, side="buyer", words=NEW, at=at + clocks.APPEAL, actor=BUYER)
    with pytest.raises(appeals.MoneyIsBack):
        appeals.appeal(dispute=dispute, side="seller", words=NEW, at=at, actor=SELLER)
    with pytest.raises(Invalid):
        appeals.appeal(dispute=dispute, side="buyer", words=" ", at=at, actor=BUYER)
    whole = ruled(maker, at, GROSS)
    with pytest.raises(appeals.NothingToAppeal):
        appeals.appeal(dispute=whole, side="buyer", words=NEW, at=at, actor=BUYER)


def test_one_appeal_in_the_standstill_or_later(maker: Maker, at: datetime) -> None:
    dispute = appealed(maker, at)
    with pytest.raises(rulings.AppealedAlready):
        appeals.appeal(dispute=dispute, side="buyer", words=NEW, at=at, actor=BUYER)
    early = Dispute.objects.select_related("hold").get(hold=maker.disputed())
    operations.escalate(dispute=early, side="seller", at=at, actor=SELLER)
    rulings.begin_deciding(dispute=early, by="staff", at=at, actor=STAFF)
    rulings.rule(dispute=early, to_buyer=euros(0), reason="As described.", at=at, actor=STAFF)
    appeals.appeal(dispute=early, side="buyer", words=NEW, at=at, actor=BUYER)
    rulings.rule(dispute=early, to_buyer=euros(1), reason="Well.", at=at, actor=SECOND)
    with pytest.raises(rulings.AppealedAlready):
        appeals.appeal(dispute=early, side="buyer", words=NEW, at=at, actor=BUYER)


def test_our_silence_leaves_the_decision(maker: Maker, at: datetime) -> None:
    dispute = appealed(maker, at)
    due = dispute.late_appeal.due_at
    step = queries.next_step(dispute)
    assert due is not None
    assert step is not None
    assert step.who == "staff"
    assert (sweep.lapse_due(at=due - timedelta(seconds=1)), sweep.lapse_due(at=due), sweep.lapse_due(at=due)) == (0, 1, 0)
    assert (fresh(dispute).late_appeal.state, Refund.objects.count()) == ("lapsed", 1)


def test_a_banks_case_stops_it(maker: Maker, at: datetime) -> None:
    dispute = appealed(maker, at)
    Hold.objects.filter(pk=dispute.hold_id).update(chargeback_open=True)
    with pytest.raises(BankExamines):
        decide(dispute, 100, at)
    assert sweep.lapse_due(at=at + timedelta(days=90)) == 0
    Hold.objects.filter(pk=dispute.hold_id).update(chargeback_open=False)


def test_everybody_at_once(maker: Maker, at: datetime) -> None:
    """Two appeals, then two decisions, a payout and the clock: one of each, every cent somewhere (the fixture proves the book)."""
    able_to_be_paid("SELLERPARTY1", at)
    for _round in range(3):
        dispute = ruled(maker, at)
        both = _at_once([lambda d=dispute: appeals.appeal(dispute=d, side="buyer", words=NEW, at=at, actor=BUYER)] * 2)
        assert both.count(None) == 1
        work: list[Callable[[], object]] = [
            lambda d=dispute: decide(d, 5_000, at),
            lambda d=dispute: decide(d, 4_000, at, Actor("staff", "STAFFUSER003")),
            lambda d=dispute: payouts.request(seller=d.hold.seller, currency="EUR", at=at, actor=SELLER),
            lambda: sweep.lapse_due(at=at + timedelta(days=90)),
        ]
        _at_once(work)
        found = fresh(dispute)
        given = found.late_appeal.more_minor
        assert (found.late_appeal.is_open, given in (0, 4_000, 5_000)) == (False, True)
        assert sum(Refund.objects.filter(hold=found.hold.reference).values_list("amount_minor", flat=True)) == 3_000 + given
        assert [line for line in checks.violations() if not line.startswith("8 ")] == []


def _at_once(work: list[Callable[[], object]]) -> list[str | None]:
    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(_alone, work))


def _alone(work: Callable[[], object]) -> str | None:
    try:
        work()
    except (Refusal, Busy) as refused:
        return refused.code
    finally:
        connections.close_all()
    return None
