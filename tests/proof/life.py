"""What all rules of the machine share: a world in one transaction, the model beside it, and the comparison after every step."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from core import clock, references
from core.actors import SYSTEM, Actor
from core.errors import Refusal
from core.money import Money
from escrow.ledger import accounts, checks
from escrow.ledger.jobs import seal_transfers
from escrow.payments.models import Payment
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.providers import registry
from tests import flushing
from tests.proof.bank import Bank
from tests.proof.model import Case, Held, Model

BUYER, SELLER, STAFF, OTHER_STAFF = Actor("user", "B"), Actor("user", "S"), Actor("staff", "R"), Actor("staff", "T")
BUYERS, SELLERS = ("BUYERPARTY01", "BUYERPARTY02"), ("SELLERPARTY1", "SELLERPARTY2")
BEGINNING = datetime(2026, 1, 5, 12, tzinfo=UTC)
COMMIT_EVERY = 10
WHICH = st.integers(0, 11)
SIZE = st.integers(-1, 12)  # of an amount: see `sized`
BOOK = """
    SELECT account.code, account.normal * sum(posting.amount_minor)::bigint, account.keeps_balance, account.balance_minor
    FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id GROUP BY account.id"""
HOLDS = "SELECT reference, state, refunded_minor + released_minor, charged_back_minor, chargeback_open FROM escrow_hold"
EVENTS = "SELECT hold_id, name, amount_minor, after, actor_kind FROM escrow_holdevent WHERE id > %s ORDER BY id"
Any_ = TypeVar("Any_")


def sized(size: int, left: int) -> int:
    """Nothing and less, everything and more, one unit, or a share of it."""
    return {-1: -5, 0: 0, 1: 1, 2: left, 3: left + 1}.get(size, left * (size - 3) // 10)


@dataclass(eq=False)
class Pay:
    """One payment, as the model knows it: open, succeeded, ended, late."""

    row: Payment
    holds: list[Held]
    state: str = "open"
    cases: list[Case] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return self.row.amount_minor


class Life(RuleBasedStateMachine):
    """Every run happens in one transaction, which is rolled back; every tenth is committed, sealed and proved as it would be in earnest."""

    runs: ClassVar[int] = 0
    steps: ClassVar[int] = 0
    seen: ClassVar[Counter[str]] = Counter()  # events of the ledger
    done: ClassVar[Counter[str]] = Counter()  # operations that were carried out
    baseline: ClassVar[flushing.Baseline]

    def __init__(self) -> None:
        super().__init__()
        self.rest_of_world = ExitStack()
        self.bank, self.at = Bank(), BEGINNING
        self.rest_of_world.enter_context(registry.sandbox_made_by(lambda: self.bank))
        self.rest_of_world.enter_context(references.drawn_from(random.Random(7)))
        self.world = transaction.atomic()
        self.world.__enter__()
        self.pass_days(0)
        self.payments: list[Pay] = []
        self.terms: dict[str, tuple[int, int]] = {}
        self.kept: list[list[Any]] = []  # seller, what is left, until when

    def open_shop(self, currency: str) -> None:
        self.currency, self.model = currency, Model(currency)
        for seller in SELLERS:
            payouts.ensure_account(party=seller, currency=currency, country="DE", at=self.at, actor=SYSTEM)
            sending.open_account(party=seller, at=self.at)
            self.terms[seller] = (0, 0)

    # ── asking the model ──────────────────────────────────────────────────────────────────────────
    @property
    def holds(self) -> list[Held]:
        return [hold for pay in self.payments for hold in pay.holds]

    def having(self, wanted: Callable[[Held], bool]) -> list[Held]:
        return [hold for hold in self.holds if wanted(hold)]

    def pay_of(self, hold: Held) -> Pay:
        return next(pay for pay in self.payments if hold in pay.holds)

    @staticmethod
    def pick(among: list[Any_], which: int) -> Any_:
        return among[which % len(among)]

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    # ── doing ─────────────────────────────────────────────────────────────────────────────────────
    def attempt(self, name: str, allowed: bool | None, work: Callable[[], Any], *, on: Held | None = None) -> Any:
        """Carried out exactly when the model allows it (None: either way); refused, it is None and nothing has moved.

        `on`: the hold that it is about. Where that is one part of a plan, the others may move with it.
        """
        before = self.last_event() if on and on.planned else None
        try:
            answer = work()
        except Refusal as refusal:
            if allowed:
                raise AssertionError(f"{name}: refused with {refusal.code}, but the model allows it") from refusal
            return None
        assert allowed is not False, f"{name}: carried out, but the model forbids it"
        Life.done[name] += 1
        if before is not None:
            self.follow(before, but=on)
        return answer or True

    def last_event(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM escrow_holdevent")
            return int(cursor.fetchone()[0])

    def follow(self, after: int, *, but: Held | None = None, only: list[Held] | None = None) -> None:
        """What silence or a plan did by itself: the events say what, the model says how much."""
        with connection.cursor() as cursor:
            cursor.execute(EVENTS, [after])
            told = cursor.fetchall()
        known = {hold.pk: hold for hold in (self.holds if only is None else only)}
        for pk, name, amount, state, by in told:
            if (hold := known.get(pk)) and hold is not but:
                self._follow_one(hold, name, amount, state, by)

    def _follow_one(self, hold: Held, name: str, amount: int, state: str, by: str) -> None:
        Life.done[f"silently {name}"] += 1
        if name in ("release", "refund"):
            cuts = hold.rest() if amount == hold.left else hold.spread(amount)
            if by == "system" and not hold.planned and hold.state != "disputed":
                assert hold.sent == (name == "release"), "silence pays what was sent and gives back what was not"
            (self.model.release if name == "release" else self.model.refund)(hold, cuts)
        elif name == "divide":
            self.model.divide(hold, hold.ruling)
        elif name == "dispute":
            self.model.dispute(hold, automatic=by == "system")
        elif name == "withdraw":
            self.model.undispute(hold)
        elif name == "fund":
            self.model.fund(hold)
        elif name == "expire":
            self.model.expire(hold)
        elif name in ("ship", "deliver", "follow"):
            hold.sent = True
            hold.arrived = hold.arrived or state == "delivered" or name == "deliver"
            if hold.state != "disputed":
                hold.state = state
            elif name == "deliver":
                hold.came_from = "delivered"
        elif name == "close":
            hold.state = "closed"

    # ── comparing ─────────────────────────────────────────────────────────────────────────────────
    @invariant()
    def agree(self) -> None:
        """After each step: deferred constraints hold, kept balances are sums, nothing guarded is negative, and the book is the model."""
        if not hasattr(self, "model"):
            return
        Life.steps += 1
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(BOOK)
            book = {code: (amount, keeps, kept) for code, amount, keeps, kept in cursor.fetchall()}
            cursor.execute(HOLDS)
            holds = {row[0]: row[1:] for row in cursor.fetchall()}
        told = {code: amount for code, (amount, _keeps, _kept) in book.items()}
        wrong = {code: (told.get(code, 0), had) for code in {*told, *self.model.have} if told.get(code, 0) != (had := self.model.have[code])}
        assert not wrong, f"the book and the model disagree: {wrong}"
        assert all(kept == amount >= 0 for amount, keeps, kept in book.values() if keeps), "a kept balance is wrong or negative"
        sides: Counter[bool] = Counter()
        for code, had in self.model.have.items():
            kind, normal, _keeps, _guarded = accounts.CHART[accounts.name_of(code)]
            sides[code.startswith(("pts:",)) or kind == "memo"] += normal * had
        assert not any(sides.values()), "the model itself has made money"
        for hold in self.holds:
            gone = hold.gross - hold.left if hold.state not in ("pending", "expired") else 0
            expected = (hold.state, gone, hold.taken, bool(hold.cases))
            assert holds[hold.reference] == expected, f"hold {hold.reference} is {holds[hold.reference]}, the model says {expected}"

    # ── the end ───────────────────────────────────────────────────────────────────────────────────
    def teardown(self) -> None:
        committed = False
        try:
            if sys.exc_info()[0] is None and hasattr(self, "model"):
                self.prove()
                committed = Life.runs % COMMIT_EVERY == 0
        finally:
            if not committed:
                transaction.set_rollback(True)
            self.world.__exit__(None, None, None)
            if committed:
                self._seal_and_prove()
            clock.forget()
            self.rest_of_world.close()

    def prove(self) -> None:
        """All thirteen, over everything that happened in this run."""
        self.settle_everything()
        self.agree()
        assert not (found := checks.violations()), found
        Life.runs += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT event, count(*) FROM escrow_transfer GROUP BY event")
            Life.seen.update(dict(cursor.fetchall()))

    def _seal_and_prove(self) -> None:
        try:
            seal_transfers.func()
            assert not (found := checks.violations()), found
        finally:
            flushing.empty(Life.baseline)

    def settle_everything(self) -> None:
        """The bank's statement is read to its end; rules that know how say so."""

    def pass_days(self, days: int) -> None:
        self.at += timedelta(days=days)
        clock.freeze(self.at)
        clock.remember(self.at)  # spares the question, until an operation forgets it
