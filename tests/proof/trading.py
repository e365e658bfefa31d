"""Rules: agreeing, paying, sending, receiving, releasing, giving back, and silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from accounts.parties.operations import PLATFORM_KEY
from core import references
from core.actors import CARRIER, SYSTEM
from escrow.disputes import sweep as dispute_clock
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.late_refunds import operations as late_refunds
from escrow.payments import operations as payments
from escrow.payouts import daily, reserves
from escrow.plans import sweep as plan_clock
from escrow.points import operations as points
from escrow.providers.base import ProviderUnavailable
from tests.proof.arithmetic import Part, Slice, shares, whole
from tests.proof.life import BUYER, BUYERS, SELLER, SELLERS, SIZE, STAFF, WHICH, Life, Pay, sized
from tests.proof.model import UNDECIDED, Held

MOST_PAYMENTS = 4


@dataclass(frozen=True)
class Line:
    """A line of a trade in per mille of its price."""

    gross: int
    coupon: int
    points: int
    fee: int


LINES = st.lists(
    st.builds(
        Line,
        gross=st.one_of(st.integers(1, 300), st.integers(1_000, 60_000)),
        coupon=st.sampled_from([0, 0, 0, 100, 333, 700]),
        points=st.sampled_from([0, 0, 0, 77, 300]),
        fee=st.sampled_from([0, 80, 125, 333]),
    ),
    min_size=1,
    max_size=3,
)
Basket = list[tuple[str, list[Line]]]
BASKETS = st.lists(st.tuples(st.sampled_from(SELLERS), LINES), min_size=1, max_size=3)


def draft(name: str, line: Line, most_points: int) -> holds.PartDraft:
    coupon, used = line.gross * line.coupon // 1000, min(line.gross * line.points // 1000, most_points)
    commission = (line.gross * line.fee) // 1000
    return holds.PartDraft(
        line=name, gross_minor=line.gross, commission_minor=commission, tax_minor=min(commission // 5, line.gross - commission), coupon_minor=coupon,
        coupon_funder=PLATFORM_KEY if coupon else "", points_minor=used,
    )  # fmt: skip


def part_of(made: holds.PartDraft) -> Part:
    return Part(made.line, Slice(made.cash_minor, made.coupon_minor, made.points_minor, made.commission_minor, made.tax_minor))


class Trading(Life):
    def __init__(self) -> None:
        super().__init__()
        self.facts: dict[int, tuple[str, int]] = {}

    @initialize(currency=st.sampled_from(["EUR", "JPY"]), earned=st.integers(0, 2_000), first=BASKETS, second=BASKETS, parcels=st.booleans())
    def begin(self, currency: str, earned: int, first: Basket, second: Basket, parcels: bool) -> None:
        """Two sellers who can be paid, buyers with points, and two trades that are paid: what follows finds money to move."""
        self.open_shop(currency)
        for number, (buyer, basket) in enumerate(zip(BUYERS, (first, second), strict=True)):
            if earned:
                self.earn_points(buyer, earned, -1 - number)
            self.agree_on(buyer, basket, parcels)
            if self.payments:
                self.bank.is_paid(self.payments[-1].row.provider_ref)
                self.hear_of_payment(self.payments[-1])

    # ── agreeing and paying ───────────────────────────────────────────────────────────────────────
    @precondition(lambda self: len(self.payments) < MOST_PAYMENTS)
    @rule(buyer=st.sampled_from(BUYERS), basket=BASKETS, parcel=st.booleans())
    def trade_is_agreed(self, buyer: str, basket: Basket, parcel: bool) -> None:
        self.agree_on(buyer, basket, parcel)

    def agree_on(self, buyer: str, basket: Basket, parcel: bool) -> None:
        purse, drafts = self.model.worth(buyer), []
        for seller, lines in basket:
            made = []
            for number, line in enumerate(lines):
                made.append(draft(f"LINE{number}", line, purse))
                purse -= made[-1].points_minor
            drafts.append((seller, made))
        cash = sum(part.cash_minor for _seller, made in drafts for part in made)
        if cash:
            self._agree(buyer, drafts, cash, parcel)

    def _agree(self, buyer: str, drafts: list[tuple[str, list[holds.PartDraft]]], cash: int, parcel: bool) -> None:
        trade, terms = references.new(), holds.HoldTerms(hand_over="parcel" if parcel else "pickup")
        with transaction.atomic():
            row = payments.request(
                trade=trade, buyer=buyer, amount=self.money(cash), snapshot_hash="5" * 64, return_url="/back/",
                expires_at=self.at + timedelta(minutes=30), description="Things", at=self.at, actor=BUYER,
            )  # fmt: skip
            pay = Pay(row, [])
            for seller, made in drafts:
                opened = holds.open(payment=row, trade=trade, buyer=buyer, seller=seller, parts=made, terms=terms, at=self.at, actor=BUYER)
                hold = Held(opened.reference, opened.pk, buyer, seller, parcel, [part_of(one) for one in made], row=opened)
                self.model.open(hold)
                pay.holds.append(hold)
        payments.start(payment_reference=row.reference)
        row.refresh_from_db()
        self.payments.append(pay)

    @precondition(lambda self: any(pay.state == "open" for pay in self.payments))
    @rule(which=WHICH, times=st.integers(0, 2))
    def buyer_pays(self, which: int, times: int) -> None:
        """The message of it comes once, twice or not at all."""
        pay = self.pick([pay for pay in self.payments if pay.state == "open"], which)
        self.bank.is_paid(pay.row.provider_ref)
        for _ in range(times):
            self.hear_of_payment(pay)

    def hear_of_payment(self, pay: Pay) -> None:
        before = self.last_event()
        payments.refresh(payment_reference=pay.row.reference)
        self.payment_is_heard(pay, before)

    def payment_is_heard(self, pay: Pay, before: int) -> None:
        status = self.bank.payments[pay.row.provider_ref].status
        if status == "closed" and pay.state == "open":
            pay.state = "ended"
            self.follow(before, only=pay.holds)
        if status != "paid":
            return
        if pay.state == "open":
            pay.state = "succeeded"
            self.follow(before, only=pay.holds)
            self.done["payment"] += 1
        elif pay.state == "ended":
            pay.state = "late"
            self.model.late_money(pay.amount)
            self.done["late payment"] += 1

    @precondition(lambda self: any(pay.state == "open" for pay in self.payments))
    @rule(which=WHICH, lost=st.booleans(), late=st.booleans())
    def payment_is_called_off(self, which: int, lost: bool, late: bool) -> None:
        pay = self.pick([pay for pay in self.payments if pay.state == "open"], which)
        before, paid = self.last_event(), self.bank.payments[pay.row.provider_ref].status == "paid"
        self.bank.loses = lost
        asked = self.attempt("call off", not lost, lambda: payments.expire(payment_reference=pay.row.reference, at=self.at))
        self.bank.loses = False
        if asked and paid:
            self.payment_is_heard(pay, before)
        elif asked:
            pay.state = "ended"
            self.follow(before)
            if late:
                self.bank.is_paid(pay.row.provider_ref)

    @precondition(lambda self: any(pay.state == "ended" for pay in self.payments))
    @rule(which=WHICH)
    def late_payment_is_heard(self, which: int) -> None:
        self.hear_of_payment(self.pick([pay for pay in self.payments if pay.state == "ended"], which))

    # ── the goods ─────────────────────────────────────────────────────────────────────────────────
    def on_the_way(self) -> list[Held]:
        return self.having(lambda hold: hold.state in (*UNDECIDED, "disputed"))

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH)
    def ship(self, which: int) -> None:
        hold = self.pick(self.on_the_way(), which)
        allowed = hold.state == "funded" and not hold.cases
        if self.attempt("ship", allowed, lambda: holds.mark_shipped(hold=hold.row, at=self.at, actor=SELLER)):
            hold.state, hold.sent = "shipped", True

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH)
    def arrive(self, which: int) -> None:
        hold = self.pick(self.on_the_way(), which)
        allowed = not hold.cases and (hold.state in ("funded", "shipped", "disputed"))
        if not self.attempt("arrive", allowed, lambda: holds.mark_delivered(hold=hold.row, by="carrier", at=self.at, actor=CARRIER)):
            return
        if hold.state == "disputed" and not hold.arrived:
            hold.came_from = "delivered"
            if hold.automatic:
                self.model.undispute(hold)
        elif hold.state != "disputed":
            hold.state = "delivered"
        hold.sent = hold.arrived = True

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        hold = self.pick(self.on_the_way(), which)
        stands = hold.came_from or hold.state
        allowed = not hold.cases and not (stands == "funded" and hold.parcel)
        if self.attempt("confirm", allowed, lambda: holds.confirm(hold=hold.row, at=self.at, actor=BUYER), on=hold):
            if hold.state == "disputed":
                self.model.undispute(hold)
            self.model.release(hold, hold.rest())

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH, size=SIZE)
    def release_some(self, which: int, size: int) -> None:
        hold = self.pick(self.on_the_way(), which)
        amount = sized(size, hold.left)
        allowed = hold.may_move() and 0 < amount <= hold.left
        if self.attempt("release", allowed, lambda: holds.release(hold=hold.row, amount=self.money(amount), at=self.at, actor=STAFF), on=hold):
            self.model.release(hold, hold.spread(amount))

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH, size=SIZE, by=st.sampled_from([SELLER, STAFF]), lines=st.booleans())
    def refund_some(self, which: int, size: int, by: object, lines: bool) -> None:
        hold = self.pick(self.on_the_way(), which)
        amount = sized(size, hold.left)
        parts = {part.line: sized(size, part.left.amount) for part in hold.parts}
        fits = 0 < amount <= hold.left
        if lines:
            fits = all(0 <= parts[part.line] <= part.left.amount for part in hold.parts) and any(parts.values())
        asked = {"parts": parts} if lines else {"amount": self.money(amount)}
        work = lambda: holds.refund(hold=hold.row, reason="x", at=self.at, actor=by, **asked)  # type: ignore[arg-type]  # noqa: E731
        if self.attempt("refund", hold.may_move() and fits, work, on=hold):
            self.model.refund(hold, hold.named(parts) if lines else hold.spread(amount))

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        hold = self.pick(self.on_the_way(), which)
        allowed = hold.state == "funded" and not hold.cases
        if self.attempt("cancel", allowed, lambda: holds.refund(hold=hold.row, reason="x", by="buyer", at=self.at, actor=BUYER), on=hold):
            self.model.refund(hold, hold.rest())

    # ── after release ─────────────────────────────────────────────────────────────────────────────
    def with_sellers(self) -> list[Held]:
        return self.having(
            lambda hold: any(part.agreed.amount > part.left.amount for part in hold.parts) and hold.state not in ("pending", "expired")
        )

    @precondition(lambda self: self.with_sellers())
    @rule(which=WHICH, size=SIZE, by=st.sampled_from(["seller", "staff"]), line=st.integers(-4, 2), drained=st.booleans())
    def give_back(self, which: int, size: int, by: str, line: int, drained: bool) -> None:
        hold = self.pick(self.with_sellers(), which)
        if drained:
            self.drain(hold.seller)
        parts = hold.parts if line < 0 else [self.pick(hold.parts, line)]
        there = [part.paid.amount for part in parts]
        amount = sized(size, sum(there))
        fits = 0 < amount <= sum(there) and not hold.frozen
        cuts = [(part, part.cut_paid(minor)) for part, minor in zip(parts, shares(amount, there), strict=True) if minor] if fits else []
        cash = whole([cut for _part, cut in cuts]).cash
        allowed = fits and cash <= max(hold.cash - hold.asked_back - hold.taken, 0)
        lines = None if line < 0 else [parts[0].line]
        actor = SELLER if by == "seller" else STAFF
        work = lambda: late_refunds.give_back(  # noqa: E731
            hold=hold.row, amount=self.money(amount), parts=lines, reason="Sorry", at=self.at, actor=actor, by=by,  # type: ignore[arg-type]
        )  # fmt: skip
        if self.attempt("give back", allowed, work):
            self.model.give_back(hold, cuts)

    def drain(self, seller: str) -> None:
        """In the rules about payouts: the seller has taken everything out, so that what is given back becomes a debt."""

    # ── points ────────────────────────────────────────────────────────────────────────────────────
    @rule(buyer=st.sampled_from(BUYERS), number=st.integers(1, 900), fact=st.integers(0, 1), expire=st.booleans())
    def points_come_or_go(self, buyer: str, number: int, fact: int, expire: bool) -> None:
        if expire:
            gone = min(number, self.model.worth(buyer))
            lost = points.expire(party=buyer, amount=self.money(number), fact=references.new(), at=self.at, actor=SYSTEM)
            assert lost.amount_minor == gone
            self.model.give_points(buyer, -gone)
            self.model.change("breakage", gone)
        else:
            self.earn_points(buyer, number, fact)

    def earn_points(self, buyer: str, number: int, fact: int) -> None:
        """The same fact earns once, and never anything else."""
        earn = lambda: points.earn(party=buyer, amount=self.money(number), fact=f"order:{fact}", at=self.at, actor=SYSTEM)  # noqa: E731
        if self.attempt("earn points", self.facts.get(fact, (buyer, number)) == (buyer, number), earn) and fact not in self.facts:
            self.facts[fact] = buyer, number
            self.model.change("points_expense", number)
            self.model.give_points(buyer, number)

    # ── silence ───────────────────────────────────────────────────────────────────────────────────
    @rule(days=st.sampled_from([1, 1, 1, 3, 4, 8, 15, 31]))
    def time_passes(self, days: int) -> None:
        self.answers_are_asked_for()
        self.pass_days(days)
        before = self.last_event()
        for sweeper in (sweep, dispute_clock, plan_clock):
            moved = sweeper.move_due(at=self.at)
            assert not moved["failed"], sweeper
        self.follow(before)
        reserves.free_due(at=self.at)
        self.reserve_is_freed()
        if days == 1:
            self.day_of_payouts(daily.pay_out_due(at=self.at))

    def reserve_is_freed(self) -> None:
        for kept in self.kept:
            if kept[2] <= self.at and kept[1]:
                self.model.keep(kept[0], -kept[1])
                kept[1] = 0

    def answers_are_asked_for(self) -> None:
        """In the rules about banks: long before a day is over, what got no answer was asked again."""

    def day_of_payouts(self, made: list[object]) -> None:
        """In the rules about payouts."""

    def quietly(self, work: object) -> bool:
        """A call to the bank whose answer may be lost."""
        try:
            work()  # type: ignore[operator]
        except ProviderUnavailable:
            return False
        return True
