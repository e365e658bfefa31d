"""The plain model: what everybody has, in dictionaries of numbers. One method for each thing that may happen to money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.proof.arithmetic import Part, Slice, shares, whole

UNDECIDED = ("funded", "shipped", "delivered")
Cuts = list[tuple[Part, Slice]]


@dataclass(eq=False)
class Held:
    """One hold."""

    reference: str
    pk: int
    buyer: str
    seller: str
    parcel: bool
    parts: list[Part]
    state: str = "pending"
    came_from: str = ""  # while disputed: the state to which it would go back
    automatic: bool = False  # its dispute opened by itself
    sent: bool = False
    arrived: bool = False
    asked_back: int = 0  # cash of all refunds asked for
    taken: int = 0  # cash that banks took for good
    borne: int = 0  # of it, by the platform
    cases: set[str] = field(default_factory=set)  # of banks that have not decided
    ruling: dict[str, int] = field(default_factory=dict)
    planned: bool = False
    row: Any = None  # as it was opened: operations read it anew

    @property
    def left(self) -> int:
        return sum(part.left.amount for part in self.parts) if self.state not in ("pending", "expired") else 0

    @property
    def gross(self) -> int:
        return sum(part.agreed.amount for part in self.parts)

    @property
    def cash(self) -> int:
        return sum(part.agreed.cash for part in self.parts)

    @property
    def points(self) -> int:
        return sum(part.agreed.points for part in self.parts)

    @property
    def frozen(self) -> bool:
        return self.state == "disputed" or bool(self.cases)

    @property
    def pot(self) -> str:
        return f"{'hold_frozen' if self.frozen else 'hold'}:{self.reference}"

    @property
    def cash_out(self) -> int:
        """The buyer's cash that has not come back in any way."""
        return sum(part.cash_out for part in self.parts)

    def may_move(self) -> bool:
        return self.state in UNDECIDED and not self.cases

    def spread(self, amount: int) -> Cuts:
        """An amount over all parts, in proportion to what is left of them."""
        sizes = shares(amount, [part.left.amount for part in self.parts])
        return [(part, part.cut(size)) for part, size in zip(self.parts, sizes, strict=True) if size]

    def named(self, sizes: dict[str, int]) -> Cuts:
        return [(part, part.cut(sizes[part.line])) for part in self.parts if sizes.get(part.line)]

    def rest(self) -> Cuts:
        return [(part, part.left) for part in self.parts if part.left.amount]


@dataclass(eq=False)
class Case:
    """What a bank asks of one payment."""

    reference: str
    asked: int
    shares: dict[str, int]  # by hold
    excess: int
    state: str = "inquiry"
    bearer: str = "seller"
    used: int = 0  # of refunds that had come back
    absorbed: bool = False
    pieces: dict[str, Slice] = field(default_factory=dict)  # what went with the cash that sellers or their holds paid
    from_held: dict[str, int] = field(default_factory=dict)
    borne: dict[str, int] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return f"chargeback_receivable:{self.reference}"


class Model:
    """`have`: by account, on its own side; `earned`: what a seller was paid since a reserve was last kept back."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.have: Counter[str] = Counter()
        self.earned: Counter[str] = Counter()
        self.returned: Counter[str] = Counter()  # by payment: refunds that came back

    # ── purses ────────────────────────────────────────────────────────────────────────────────────
    def common(self, kind: str) -> str:
        return f"{kind}:sandbox:{self.currency}" if kind in ("psp_clearing", "psp_balance", "suspense") else f"{kind}:{self.currency}"

    def of(self, kind: str, party: str) -> str:
        return f"{kind}:{party}:{self.currency}"

    def change(self, kind: str, amount: int) -> None:
        self.have[self.common(kind)] += amount

    def payable(self, seller: str) -> int:
        return self.have[self.of("seller_payable", seller)]

    def debt(self, seller: str) -> int:
        return self.have[self.of("seller_receivable", seller)]

    def give_points(self, buyer: str, points: int) -> None:
        self.have[self.of("points_liability", buyer)] += points
        self.have[f"pts:user:{buyer}"] += points
        self.have["pts:issuance"] += points

    def worth(self, buyer: str) -> int:
        return self.have[self.of("points_liability", buyer)]

    # ── payment ───────────────────────────────────────────────────────────────────────────────────
    def open(self, hold: Held) -> None:
        self.give_points(hold.buyer, -hold.points)
        self.have[f"points_set_aside:{hold.reference}"] += hold.points

    def expire(self, hold: Held) -> None:
        self.have[f"points_set_aside:{hold.reference}"] -= hold.points
        self.give_points(hold.buyer, hold.points)
        hold.state = "expired"

    def fund(self, hold: Held) -> None:
        self.change("psp_clearing", hold.cash)
        self.change("promotion_expense", sum(part.agreed.coupon for part in hold.parts))
        self.have[f"points_set_aside:{hold.reference}"] -= hold.points
        self.have[f"hold:{hold.reference}"] += hold.gross
        hold.state = "funded"

    def late_money(self, amount: int) -> None:
        self.change("psp_clearing", amount)
        self.change("refund_pending", amount)

    def settle(self, gross: int, fee: int) -> None:
        self.change("psp_clearing", -gross)
        self.change("psp_fees", fee)
        self.change("psp_balance", gross - fee)

    # ── out of a hold ─────────────────────────────────────────────────────────────────────────────
    def _to_funders(self, buyer: str, piece: Slice) -> None:
        self.change("promotion_expense", -piece.coupon)
        self.give_points(buyer, piece.points)

    def refund(self, hold: Held, cuts: Cuts) -> int:
        """To whoever paid; the cash that a refund must now bring to the buyer."""
        piece = whole([cut for _part, cut in cuts])
        self.have[hold.pot] -= piece.amount
        self.change("refund_pending", piece.cash)
        self._to_funders(hold.buyer, piece)
        for part, cut in cuts:
            part.refund(cut)
        hold.asked_back += piece.cash
        self._ended(hold, "refunded")
        return piece.cash

    def release(self, hold: Held, cuts: Cuts) -> None:
        piece = whole([cut for _part, cut in cuts])
        self.have[hold.pot] -= piece.amount
        self._pay(hold, piece)
        for part, cut in cuts:
            part.release(cut)
        self._ended(hold, "released")

    def _pay(self, hold: Held, piece: Slice) -> None:
        self.have[self.of("seller_payable", hold.seller)] += piece.net
        self.earned[hold.seller] += piece.net
        self.change("commission", piece.commission)
        self.change("tax_payable", piece.tax)

    def divide(self, hold: Held, to_buyer: dict[str, int]) -> int:
        given = hold.named(to_buyer)
        for part, cut in given:
            part.refund(cut)
        piece, rest = whole([cut for _part, cut in given]), hold.rest()
        paid = whole([cut for _part, cut in rest])
        self.have[hold.pot] -= piece.amount + paid.amount
        self.change("refund_pending", piece.cash)
        self._to_funders(hold.buyer, piece)
        self._pay(hold, paid)
        for part, cut in rest:
            part.release(cut)
        hold.asked_back += piece.cash
        self._ended(hold, "divided" if piece.amount and paid.amount else "refunded" if piece.amount else "released")
        return piece.cash

    def _ended(self, hold: Held, state: str) -> None:
        if not hold.left and hold.state in (*UNDECIDED, "disputed"):
            hold.state, hold.came_from = state, ""

    # ── standing still ────────────────────────────────────────────────────────────────────────────
    def dispute(self, hold: Held, *, automatic: bool = False) -> None:
        self.have[hold.pot] -= hold.left
        hold.came_from, hold.state, hold.automatic = hold.state, "disputed", automatic
        self.have[hold.pot] += hold.left

    def undispute(self, hold: Held) -> None:
        self.have[hold.pot] -= hold.left
        hold.state, hold.came_from = hold.came_from, ""
        self.have[hold.pot] += hold.left

    def lay(self, hold: Held, case: str) -> None:
        undecided = hold.state in UNDECIDED
        if undecided:
            self.have[hold.pot] -= hold.left
        hold.cases.add(case)
        if undecided:
            self.have[hold.pot] += hold.left

    def lift(self, hold: Held, case: str) -> None:
        undecided = hold.state in UNDECIDED
        if undecided:
            self.have[hold.pot] -= hold.left
        hold.cases.discard(case)
        if undecided:
            self.have[hold.pot] += hold.left

    # ── after the seller was paid ─────────────────────────────────────────────────────────────────
    def take_from(self, seller: str, amount: int) -> None:
        """What lies ready, the rest as a debt."""
        ready = min(amount, self.payable(seller))
        self.have[self.of("seller_payable", seller)] -= ready
        self.have[self.of("seller_receivable", seller)] += amount - ready

    def give_to(self, seller: str, amount: int) -> None:
        owed = min(amount, self.debt(seller))
        self.have[self.of("seller_receivable", seller)] -= owed
        self.have[self.of("seller_payable", seller)] += amount - owed

    def give_back(self, hold: Held, cuts: Cuts) -> int:
        piece = whole([cut for _part, cut in cuts])
        self._take_paid(hold, cuts, piece)
        self.change("refund_pending", piece.cash)
        hold.asked_back += piece.cash
        return piece.cash

    def _take_paid(self, hold: Held, cuts: Cuts, piece: Slice) -> None:
        self.take_from(hold.seller, piece.net)
        self.change("commission", -piece.commission)
        self.change("tax_payable", -piece.tax)
        self._to_funders(hold.buyer, piece)
        for part, cut in cuts:
            part.give_back(cut)

    # ── refunds on their way ──────────────────────────────────────────────────────────────────────
    def refund_confirmed(self, amount: int) -> None:
        self.change("refund_pending", -amount)
        self.change("psp_balance", -amount)

    def refund_failed(self, payment: str, amount: int, *, was_confirmed: bool, cases: list[Case]) -> None:
        self.change("psp_balance", amount) if was_confirmed else self.change("refund_pending", -amount)
        self.change("buyer_owed", amount)
        self.returned[payment] += amount
        for case in cases:  # the bank has paid this buyer already
            more = min(amount, case.excess - case.used) if case.state == "lost" else 0
            case.used += more
            self.change("buyer_owed", -more)
            self.change("chargeback_loss", -more)

    # ── banks ─────────────────────────────────────────────────────────────────────────────────────
    def case(self, reference: str, asked: int, holds: list[Held], pending: list[Case]) -> Case:
        weights = []
        for hold in holds:
            elsewhere = sum(other.shares.get(hold.reference, 0) for other in pending)
            there = hold.cash_out if hold.state not in ("pending", "expired") else 0
            weights.append(max(0, there - elsewhere - hold.borne))
        covered = min(asked, sum(weights))
        split = {hold.reference: share for hold, share in zip(holds, shares(covered, weights), strict=True) if share}
        made = Case(reference, asked, split, asked - covered)
        for hold in holds:
            if hold.reference in split:
                self.lay(hold, reference)
        return made

    def case_taken(self, case: Case, fee: int) -> None:
        self.have[case.account] += case.asked
        self.change("dispute_fees", fee)
        self.change("psp_balance", -case.asked - fee)
        case.state = "open"

    def case_ended(self, case: Case, holds: list[Held], state: str) -> None:
        for hold in holds:
            if hold.reference in case.shares:
                self.lift(hold, case.reference)
        case.state = state

    def case_won(self, case: Case, holds: list[Held], back: int) -> None:
        self.change("psp_balance", back)
        self.have[case.account] -= case.asked
        self.change("dispute_fees", case.asked - back)
        self.case_ended(case, holds, "won")

    def case_lost(self, case: Case, payment: str, holds: list[Held], others: list[Case]) -> None:
        for hold in holds:
            if share := case.shares.get(hold.reference, 0):
                self._lose(case, hold, share)
        if case.excess:
            case.used = min(case.excess, max(0, self.returned[payment] - sum(other.used for other in others)))
            self.change("buyer_owed", -case.used)
            self.change("chargeback_loss", case.excess - case.used)
            self.have[case.account] -= case.excess
        self.case_ended(case, holds, "lost")

    def _lose(self, case: Case, hold: Held, share: int) -> None:
        held = min(share, sum(part.left.cash for part in hold.parts))
        hold.taken += share
        if case.bearer == "platform" and (hold.sent or not held):
            if held:
                sizes = {part.line: cut.amount for part, cut in _by_cash(hold, held)}
                self.release(hold, hold.named(sizes))
            self.change("chargeback_loss", share)
            self.have[case.account] -= share
            case.borne[hold.reference] = share
            hold.borne += share
            return
        if held:
            cuts = _by_cash(hold, held)
            piece = whole([cut for _part, cut in cuts])
            self.have[hold.pot] -= piece.amount
            self.have[case.account] -= piece.cash
            self._to_funders(hold.buyer, piece)
            for part, cut in cuts:
                part.refund(cut)
            case.from_held[hold.reference] = held
            self._count(case, hold, piece)
            self._ended(hold, "refunded")
        if share - held:
            cash = [part.paid.cash for part in hold.parts]
            sizes = shares(share - held, cash)
            everything = share - held == sum(cash)
            cuts = [
                (part, part.cut_paid_cash(size)) for part, size in zip(hold.parts, sizes, strict=True) if size or (everything and part.paid.amount)
            ]
            piece = whole([cut for _part, cut in cuts])
            self._take_paid(hold, cuts, piece)
            self.have[case.account] -= piece.cash
            self._count(case, hold, piece)

    def _count(self, case: Case, hold: Held, piece: Slice) -> None:
        case.pieces[hold.reference] = case.pieces.get(hold.reference, Slice()).plus(piece)

    def case_turned(self, case: Case, holds: list[Held], back: int) -> None:
        """Lost, and then won: whoever had paid has it again."""
        self.change("psp_balance", back)
        self.change("dispute_fees", case.asked - back)
        self.change("buyer_owed", case.used)
        self.change("chargeback_loss", -(case.excess - case.used) - sum(case.borne.values()))
        for hold in holds:
            piece = case.pieces.get(hold.reference)
            if piece is None:
                continue
            if self._never_sent(case, hold):
                self.change("buyer_owed", case.from_held[hold.reference])
                continue
            if case.absorbed:
                self.change("chargeback_loss", -piece.net)
            else:
                self.give_to(hold.seller, piece.net)
            self.change("commission", piece.commission)
            self.change("tax_payable", piece.tax)
            self.change("promotion_expense", piece.coupon)
            self.change("points_expense", piece.points)
        case.state = "won"

    def _never_sent(self, case: Case, hold: Held) -> bool:
        held = case.from_held.get(hold.reference, 0)
        return held > 0 and held == case.shares[hold.reference] and not hold.sent

    def case_absorbed(self, case: Case, holds: list[Held]) -> bool:
        """The platform pays the sellers back what they had paid; False when they had paid nothing."""
        theirs = [hold for hold in holds if case.pieces.get(hold.reference, Slice()).net and not self._never_sent(case, hold)]
        for hold in theirs:
            net = case.pieces[hold.reference].net
            self.change("chargeback_loss", net)
            self.give_to(hold.seller, net)
        case.absorbed = bool(theirs)
        return case.absorbed

    # ── sellers are paid ──────────────────────────────────────────────────────────────────────────
    def net(self, seller: str) -> None:
        paid = min(self.payable(seller), self.debt(seller))
        self.have[self.of("seller_payable", seller)] -= paid
        self.have[self.of("seller_receivable", seller)] -= paid

    def keep(self, seller: str, amount: int) -> None:
        """Into the reserve; negative: out of it."""
        self.have[self.of("seller_payable", seller)] -= amount
        self.have[self.of("reserve", seller)] += amount

    def payout_asked(self, seller: str, amount: int) -> None:
        self.have[self.of("seller_payable", seller)] -= amount
        self.change("transfer_transit", amount)

    def payout_failed(self, seller: str, amount: int) -> None:
        self.payout_asked(seller, -amount)

    def payout_confirmed(self, seller: str, amount: int) -> None:
        self.change("transfer_transit", -amount)
        self.change("psp_balance", -amount)
        self.lies(seller, amount)

    def lies(self, seller: str, amount: int) -> None:
        """In the seller's own account at the provider; negative: on to the bank."""
        self.have[self.of("memo:connected", seller)] += amount
        self.have[f"memo:contra:{self.currency}"] += amount


def _by_cash(hold: Held, cash: int) -> Cuts:
    there = [part.left.cash for part in hold.parts]
    sizes, everything = shares(cash, there), cash == sum(there)
    return [(part, part.cut_cash(size)) for part, size in zip(hold.parts, sizes, strict=True) if size or (everything and part.left.amount)]
