"""Our team gives back what a seller was paid: at once up to the limit, above it by two people, never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from core.actors import Actor
from core.errors import Forbidden, Invalid, Refusal
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.late_refunds import staff
from escrow.late_refunds.models import LateRefund
from escrow.late_refunds.operations import MoreThanReleased
from escrow.payments.models import Refund
from tests.escrow.holds.conftest import SELLER, STAFF, Maker

SECOND = Actor("staff", "STAFFUSER002")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def released(maker: Maker, at: datetime) -> Hold:
    return holds.release(hold=maker.delivered(), at=at, actor=STAFF)


def test_up_to_the_limit_at_once_and_the_sum_counts(released: Hold, at: datetime, settings: Any) -> None:
    settings.RULING_LIMIT = "50"
    given = staff.ask(hold=released, parts={"LINE2": 3_000}, reason="A scratch", at=at, actor=STAFF)
    assert (given.state, Refund.objects.get().amount_minor, given.needs_approval) == ("given", 3_000, False)
    assert released.parts.get(line="LINE2").returned_cash_minor == 3_000
    assert staff.ask(hold=released, amount=eur(2_001), reason="Another", at=at, actor=STAFF).state == "asked"
    with pytest.raises(staff.OneWaits):
        staff.ask(hold=released, amount=eur(1), reason="Another", at=at, actor=STAFF)
    with pytest.raises(staff.AskedByYou):
        staff.approve(hold=released, at=at, actor=STAFF)
    assert staff.approve(hold=released, at=at, actor=SECOND).decided_by == SECOND.reference
    with pytest.raises(staff.NoneWaits):
        staff.approve(hold=released, at=at, actor=SECOND)
    with pytest.raises(DatabaseError), transaction.atomic():
        LateRefund.objects.update(reason="Other")


def test_refuses_what_cannot_be(maker: Maker, released: Hold, at: datetime, settings: Any) -> None:
    for words, amount, refusal in ((" ", 100, Invalid), ("x", 0, Invalid), ("x", 13_824, MoreThanReleased)):
        with pytest.raises(refusal):
            staff.ask(hold=released, amount=eur(amount), reason=words, at=at, actor=STAFF)
    with pytest.raises(Forbidden):
        staff.ask(hold=released, amount=eur(1), reason="x", at=at, actor=SELLER)
    with pytest.raises(MoreThanReleased):
        staff.ask(hold=maker.delivered(), amount=eur(1), reason="x", at=at, actor=STAFF)
    settings.RULING_LIMIT = "0"
    staff.ask(hold=released, amount=eur(13_823), reason="x", at=at, actor=STAFF)
    assert staff.refuse(hold=released, words="Not so much.", at=at, actor=STAFF).state == "refused"
    assert Refund.objects.count() == 0


def test_two_second_people_at_once_give_once(released: Hold, at: datetime, settings: Any) -> None:
    settings.RULING_LIMIT = "0"
    staff.ask(hold=released, amount=eur(5_000), reason="x", at=at, actor=STAFF)

    def approve(number: int) -> bool:
        try:
            staff.approve(hold=released, at=at, actor=Actor("staff", f"STAFFUSER01{number}"))
        except Refusal:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(approve, range(4))) == 1
    assert Refund.objects.get().amount_minor == 5_000
