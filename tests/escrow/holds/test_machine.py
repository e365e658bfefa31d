"""Random lives of holds against a plain model: whatever happens, the book says what the model says."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core import clock, references
from core.actors import CARRIER, Actor
from core.errors import Refusal
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.holds.models import Hold
from escrow.holds.operations import HoldTerms, PartDraft
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.payments.models import Payment
from escrow.payments.signals import payment_succeeded

pytestmark = pytest.mark.django_db(transaction=True)
BUYER, SELLER, STAFF = Actor("user", "B"), Actor("user", "S"), Actor("staff", "R")


class Market(RuleBasedStateMachine):
    """One hold; the model knows only its state and three sums."""

    @initialize(
        amounts=st.lists(st.tuples(st.integers(1, 50_000), st.integers(0, 3_000)), min_size=1, max_size=4),
        pickup=st.booleans(),
    )
    def begin(self, amounts: list[tuple[int, int]], pickup: bool) -> None:
        self.at: datetime = clock.now()
        self.gross = sum(gross for gross, _rate in amounts)
        self.seller = references.new()
        trade = references.new()
        payment = Payment.objects.create(
            trade=trade, buyer="B", amount_minor=self.gross, currency="EUR", provider="sandbox", snapshot_hash="0" * 64, return_url="https://souk.test",
            created_at=self.at, expires_at=self.at + timedelta(hours=1), state="succeeded", succeeded_at=self.at,
        )  # fmt: skip
        parts = [
            PartDraft(line=str(n), gross_minor=gross, commission_minor=gross * rate // 10_000, tax_minor=gross * rate // 50_000)
            for n, (gross, rate) in enumerate(amounts)
        ]
        self.fee = sum(part.commission_minor + part.tax_minor for part in parts)
        terms = HoldTerms(hand_over="pickup" if pickup else "parcel")
        self.hold = holds.open(payment=payment, trade=trade, buyer="B", seller=self.seller, parts=parts, terms=terms, at=self.at, actor=BUYER)
        with transaction.atomic():
            payment_succeeded.send(Payment, payment=payment, at=self.at)
        self.state, self.refunded, self.released, self.parcel, self.sent = "funded", 0, 0, not pickup, False

    @property
    def left(self) -> int:
        return self.gross - self.refunded - self.released

    @property
    def undecided(self) -> bool:
        return self.state in ("funded", "shipped", "delivered")

    def attempt(self, allowed: bool, work: Any) -> bool:
        """The operation succeeds exactly when the model allows it."""
        try:
            work()
        except Refusal:
            if allowed:
                raise
            return False
        assert allowed, f"{self.state} allowed too much"
        return True

    @rule()
    def ship(self) -> None:
        if self.attempt(self.state == "funded", lambda: holds.mark_shipped(hold=self.hold, at=self.at, actor=SELLER)):
            self.state, self.sent = "shipped", True

    @rule()
    def deliver(self) -> None:
        if self.state == "disputed":
            return
        allowed = self.state in ("funded", "shipped")
        if self.attempt(allowed, lambda: holds.mark_delivered(hold=self.hold, by="carrier", at=self.at, actor=CARRIER)):
            self.state, self.sent = "delivered", True

    @rule()
    def confirm(self) -> None:
        if self.state == "disputed":
            return
        allowed = self.undecided and not (self.state == "funded" and self.parcel)
        if self.attempt(allowed, lambda: holds.confirm(hold=self.hold, at=self.at, actor=BUYER)):
            self.released, self.state = self.released + self.left, "released"

    @rule(amount=st.integers(-1, 60_000))
    def refund_some(self, amount: int) -> None:
        allowed = self.undecided and 0 < amount <= self.left
        work = lambda: holds.refund(hold=self.hold, amount=Money(amount, "EUR"), reason="x", at=self.at, actor=SELLER)  # noqa: E731
        if self.attempt(allowed, work):
            self.refunded += amount
            self.state = self.state if self.left else "refunded"

    @rule(amount=st.integers(-1, 60_000))
    def release_some(self, amount: int) -> None:
        allowed = self.undecided and 0 < amount <= self.left
        if self.attempt(allowed, lambda: holds.release(hold=self.hold, amount=Money(amount, "EUR"), at=self.at, actor=STAFF)):
            self.released += amount
            self.state = self.state if self.left else "released"

    @rule()
    def cancel(self) -> None:
        if self.attempt(self.state == "funded", lambda: holds.refund(hold=self.hold, reason="x", by="buyer", at=self.at, actor=BUYER)):
            self.refunded, self.state = self.refunded + self.left, "refunded"

    @rule()
    def issue(self) -> None:
        before = self.state
        if self.attempt(self.undecided, lambda: holds.open_issue(hold=self.hold, reason="damaged", at=self.at, actor=BUYER)):
            self.state, self.back = "disputed", before

    @rule()
    def withdraw(self) -> None:
        if self.attempt(self.state == "disputed", lambda: holds.withdraw_issue(hold=self.hold, at=self.at, actor=BUYER)):
            self.state = self.back

    @rule(outcome=st.sampled_from(["release", "refund"]))
    def settle(self, outcome: str) -> None:
        if self.attempt(self.state == "disputed", lambda: holds.settle_issue(hold=self.hold, outcome=outcome, reason="x", at=self.at, actor=STAFF)):
            if outcome == "release":
                self.released, self.state = self.released + self.left, "released"
            else:
                self.refunded, self.state = self.refunded + self.left, "refunded"

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        before = Hold.objects.get(pk=self.hold.pk)
        sweep.move_due(at=self.at)
        if before.due_at is None or before.due_at > self.at or self.state in ("released", "refunded", "closed"):
            self.state = Hold.objects.get(pk=self.hold.pk).state
            return
        if self.state == "shipped" and before.due_move == "dispute":
            self.state, self.back = "disputed", "shipped"
        elif self.sent:
            self.released, self.state = self.released + self.left, "released"
        else:
            self.refunded, self.state = self.refunded + self.left, "refunded"
        # silence may decide twice in one sweep (an issue that opened by itself can pass its own deadline)
        self.follow_silence()

    def follow_silence(self) -> None:
        hold = Hold.objects.get(pk=self.hold.pk)
        if hold.state != self.state and self.state == "disputed":
            self.released, self.state = self.released + self.left, "released"

    @invariant()
    def book_agrees(self) -> None:
        if not hasattr(self, "hold"):
            return
        hold = Hold.objects.get(pk=self.hold.pk)
        assert (hold.state, hold.refunded_minor, hold.released_minor) == (self.state, self.refunded, self.released)
        waiting = ledger.balance(accounts.hold(hold.reference, "EUR"))
        frozen = ledger.balance(accounts.hold_frozen(hold.reference, "EUR"))
        assert (waiting, frozen) == ((0, self.left) if self.state == "disputed" else (self.left, 0))
        back = [line.amount_minor for line in ledger.lines_for(hold=hold.reference) if line.account.startswith("refund_pending")]
        assert -sum(back) == self.refunded
        charged = sum(part.charged_commission_minor + part.charged_tax_minor for part in hold.parts.all())
        assert ledger.balance(accounts.seller_payable(self.seller, "EUR")) == self.released - charged
        if self.left == 0:
            waived = sum(part.waived_commission_minor + part.waived_tax_minor for part in hold.parts.all())
            assert charged + waived == self.fee


def test_random_lives_agree_with_a_plain_model() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    full = os.environ.get("SOUK_PROVE") == "1"
    run_state_machine_as_test(
        Market,
        settings=settings(
            max_examples=300 if full else 25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount_minor) FROM escrow_posting")
        assert cursor.fetchone()[0] in (0, None)
