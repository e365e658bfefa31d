"""Rules: an issue, talks, proposals, the desk, a ruling with any division, an appeal, and goods that go back."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from escrow.disputes import operations as disputes
from escrow.disputes import rulings
from escrow.disputes.models import Dispute
from escrow.holds import operations as holds
from tests.proof.arithmetic import shares
from tests.proof.life import BUYER, OTHER_STAFF, SELLER, SIZE, STAFF, WHICH, sized
from tests.proof.model import UNDECIDED, Held
from tests.proof.trading import Trading

SIDES = st.sampled_from(["buyer", "seller"])
TALKING = ("opened", "talking", "evidence", "deciding")


class Judging(Trading):
    def disputed(self) -> list[Held]:
        return self.having(lambda hold: hold.state == "disputed")

    def case_of(self, hold: Held) -> Dispute:
        return Dispute.objects.filter(hold_id=hold.pk).order_by("-id")[0]

    @precondition(lambda self: self.on_the_way())
    @rule(which=WHICH, settled=st.one_of(st.none(), SIZE))
    def complain(self, which: int, settled: int | None) -> None:
        """And both agree at once, or not."""
        hold = self.pick(self.on_the_way(), which)
        allowed = hold.state in UNDECIDED and not hold.cases
        if self.attempt("dispute", allowed, lambda: holds.open_issue(hold=hold.row, reason="damaged", at=self.at, actor=BUYER)):
            self.model.dispute(hold)
            if settled is not None:
                self.seek_agreement(hold, settled, "seller", answered=True)

    @precondition(lambda self: self.disputed())
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        hold = self.pick(self.disputed(), which)
        case = self.case_of(hold)
        allowed = case.state in (*TALKING, "checking") and not hold.cases
        if self.attempt("withdraw", allowed, lambda: disputes.withdraw(dispute=case, at=self.at, actor=BUYER)):
            self.model.undispute(hold)

    @precondition(lambda self: self.disputed())
    @rule(which=WHICH, size=SIZE, side=SIDES, answered=st.booleans())
    def propose(self, which: int, size: int, side: str, answered: bool) -> None:
        """And the other side accepts, or nobody answers."""
        self.seek_agreement(self.pick(self.disputed(), which), size, side, answered=answered)

    def seek_agreement(self, hold: Held, size: int, side: str, *, answered: bool) -> None:
        case, amount = self.case_of(hold), sized(size, hold.left)
        allowed = case.state in TALKING and 0 <= amount <= hold.left
        work = lambda: disputes.propose(dispute=case, side=side, to_buyer=self.money(amount), at=self.at, actor=SELLER)  # noqa: E731
        if self.attempt("propose", allowed, work) and answered:
            other = "buyer" if side == "seller" else "seller"
            if self.attempt("agree", not hold.cases, lambda: disputes.accept(dispute=case, side=other, at=self.at, actor=BUYER), on=hold):
                self.model.divide(hold, self.by_line(hold, amount))

    def by_line(self, hold: Held, amount: int) -> dict[str, int]:
        sizes = shares(amount, [part.left.amount for part in hold.parts])
        return {part.line: size for part, size in zip(hold.parts, sizes, strict=True)}

    @precondition(lambda self: self.disputed())
    @rule(which=WHICH, size=SIZE, must_return=st.booleans(), large=st.booleans())
    def rule_on(self, which: int, size: int, must_return: bool, large: bool) -> None:
        """The desk takes it up and decides; a second person approves what is large. After an appeal somebody else does, and it is done."""
        hold = self.pick(self.disputed(), which)
        case = self.case_of(hold)
        if case.state in ("opened", "talking", "evidence"):
            self.attempt("judge", not hold.cases, lambda: rulings.begin_deciding(dispute=case, by="staff", at=self.at, actor=STAFF))
        if large:  # both say how much, line by line
            to_buyer: object = {part.line: sized(size, part.left.amount) for part in hold.parts}
        else:
            to_buyer = self.money(sized(size, hold.left))
        by_line = to_buyer if isinstance(to_buyer, dict) else self.by_line(hold, sized(size, hold.left)) if 0 <= size != 3 else {}
        appealed = case.state == "appealed"
        judge = OTHER_STAFF if appealed else STAFF
        done = self.attempt("rule", None, lambda: rulings.rule(
            dispute=case, to_buyer=to_buyer, must_return=must_return, reason="As it is", at=self.at, actor=judge,  # type: ignore[arg-type]
        ), on=hold)  # fmt: skip
        if not done:
            return
        assert not hold.cases
        assert all(0 <= by_line.get(part.line, 0) <= part.left.amount for part in hold.parts)
        hold.ruling = by_line
        if self.case_of(hold).state == "checking":
            self.attempt("approve", True, lambda: rulings.approve(dispute=case, at=self.at, actor=OTHER_STAFF))
        self._if_closed(hold, by_line)

    def _if_closed(self, hold: Held, to_buyer: dict[str, int]) -> None:
        if self.case_of(hold).state == "closed":
            self.model.divide(hold, to_buyer)

    @precondition(lambda self: self.disputed())
    @rule(which=WHICH, side=SIDES, content=st.booleans())
    def answer_the_ruling(self, which: int, side: str, content: bool) -> None:
        hold = self.pick(self.disputed(), which)
        case = self.case_of(hold)
        possible = None if case.state == "ruled" and not hold.cases else False
        if content:
            work = lambda: rulings.accept_ruling(dispute=case, side=side, at=self.at, actor=BUYER)  # noqa: E731
            if self.attempt("accept ruling", possible, work, on=hold):
                self._if_closed(hold, hold.ruling)
        else:
            self.attempt("appeal", possible, lambda: rulings.appeal(dispute=case, side=side, words="New facts", at=self.at, actor=BUYER))

    @precondition(lambda self: self.disputed())
    @rule(which=WHICH, arrives=st.sampled_from(["yes", "not yet", "something else"]))
    def goods_go_back(self, which: int, arrives: str) -> None:
        hold = self.pick(self.disputed(), which)
        case = self.case_of(hold)
        self.attempt("ship back", case.state == "returning", lambda: rulings.ship_back(
            dispute=case, carrier="x", tracking="123", at=self.at, actor=BUYER,
        ))  # fmt: skip
        state = self.case_of(hold).state
        if arrives == "yes":
            allowed = state == "on_way_back" and not hold.cases
            if self.attempt("goods are back", allowed, lambda: rulings.arrive(dispute=case, by="seller", at=self.at, actor=SELLER), on=hold):
                self.model.divide(hold, hold.ruling)
        elif arrives == "something else":
            work = lambda: rulings.object_to_return(dispute=case, words="A brick", at=self.at, actor=SELLER)  # noqa: E731
            self.attempt("object", state == "on_way_back", work)
