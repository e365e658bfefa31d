"""Everybody at once: one end, nothing paid twice, no deadlock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from core.errors import Busy
from core.money import Money
from core.states import MoveNotAllowed
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.holds.models import Hold
from escrow.ledger import accounts
from escrow.payments.models import Payment, Refund

ROUNDS = 20


def together(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on its own connection; their answers or errors in order."""
    gate, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(20)
            answers[place] = work()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def unexpected(answers: list[object]) -> list[object]:
    return [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, (MoveNotAllowed, holds.HoldFrozen, Busy))]


def test_confirm_timer_refund_and_issue_at_once_have_one_end(maker, book) -> None:
    ends: dict[str, int] = {}
    for _ in range(ROUNDS):
        hold = maker.delivered()
        late = maker.at + timedelta(days=15)
        answers = together(
            lambda hold=hold: holds.confirm(hold=hold, at=maker.at, actor=maker.buyer),
            lambda late=late: sweep.move_due(at=late),
            lambda hold=hold: holds.refund(hold=hold, reason="x", at=maker.at, actor=maker.seller),
            lambda hold=hold: holds.open_issue(hold=hold, reason="damaged", at=maker.at, actor=maker.buyer),
        )
        assert unexpected(answers) == []
        hold = Hold.objects.get(pk=hold.pk)
        ends[hold.state] = ends.get(hold.state, 0) + 1
        kept = book(accounts.hold(hold.reference, "EUR")) + book(accounts.hold_frozen(hold.reference, "EUR"))
        assert kept == hold.left_minor == (13_823 if hold.state == "disputed" else 0)
        assert hold.events.filter(name__in=("release", "refund")).count() == (0 if hold.state == "disputed" else 1)
    assert sum(ends.values()) == ROUNDS
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == ends.get("released", 0) * 12_543
    assert book(accounts.refund_pending("EUR")) == ends.get("refunded", 0) * 13_823


def test_twenty_confirmations_pay_once(maker, book) -> None:
    hold = maker.delivered()
    answers = together(*[lambda: holds.confirm(hold=hold, at=maker.at, actor=maker.buyer)] * ROUNDS)
    assert unexpected(answers) == []
    assert sum(isinstance(answer, Hold) for answer in answers) == 1
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == 12_543


def test_partial_refunds_at_once_never_exceed_the_hold(maker, book) -> None:
    hold = maker.delivered()
    answers = together(
        *[lambda: holds.refund(hold=hold, amount=Money(3_000, "EUR"), reason="x", at=maker.at, actor=maker.seller)] * 8,
    )
    assert [answer for answer in unexpected(answers) if not isinstance(answer, holds.MoreThanHeld)] == []
    assert sum(isinstance(answer, Hold) for answer in answers) == 4
    assert book(accounts.refund_pending("EUR")) == 12_000 == sum(Refund.objects.values_list("amount_minor", flat=True))
    assert book(accounts.hold(hold.reference, "EUR")) == 1_823


def test_thirty_equal_payments_fund_once(maker, book) -> None:
    hold = maker.pending()
    Payment.objects.update(state="succeeded", succeeded_at=maker.at)
    answers = together(*[lambda: maker.pay(hold.payment)] * 10)
    assert unexpected(answers) == []
    assert book(accounts.hold(hold.reference, "EUR")) == 13_823


def test_four_sweepers_release_each_hold_once(maker, book) -> None:
    made = [maker.delivered() for _ in range(40)]
    late = maker.at + timedelta(days=15)
    answers = together(*[lambda: sweep.move_due(at=late)] * 4)
    assert unexpected(answers) == []
    sweep.move_due(at=late)
    assert Hold.objects.filter(state="released").count() == len(made)
    assert book(accounts.seller_payable("SELLERPARTY1", "EUR")) == len(made) * 12_543


@pytest.fixture(autouse=True)
def no_deadlocks(transactional_db: None):
    """PostgreSQL counts every deadlock that it had to break."""

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    before = count()
    yield
    assert count() == before
