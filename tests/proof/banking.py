"""Rules: refunds that arrive, fail or come back; a buyer's bank that asks, takes, decides and turns; the statement; messages again and late."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import Chargeback
from escrow.payments.models import Refund
from escrow.payments.refunds import operations as refunds
from escrow.payments.settlement import operations as settlement
from escrow.payments.signals import provider_event
from escrow.providers.base import ProviderDispute
from tests.proof.judging import Judging
from tests.proof.life import SIZE, STAFF, WHICH, Pay, sized
from tests.proof.model import Case

FEE = 1_500
MOST_CASES = 3
OUTCOMES = st.sampled_from(["succeeded", "succeeded", "pending", "failed"])


class Banking(Judging):
    # ── refunds ───────────────────────────────────────────────────────────────────────────────────
    def refunds(self, **facts: object) -> list[Refund]:
        return list(Refund.objects.filter(**facts).select_related("payment").order_by("id"))

    @precondition(lambda self: self.model.have[self.model.common("refund_pending")] > 0)
    @rule(which=WHICH, turns_out=OUTCOMES, lost=st.booleans())
    def refund_is_sent(self, which: int, turns_out: str, lost: bool) -> None:
        if not (waiting := self.refunds(state="asked")):
            return
        row = self.pick(waiting, which)
        self.bank.refunds_as, self.bank.loses = turns_out, lost
        if self.quietly(lambda: refunds.send(refund_reference=row.reference)):
            self.refund_is_heard(row)
        self.bank.loses = False

    @precondition(lambda self: self.bank.refunds)
    @rule(which=WHICH, turns_out=OUTCOMES, times=st.integers(0, 2))
    def refund_turns(self, which: int, turns_out: str, times: int) -> None:
        """Pending, it arrives or fails; arrived, it may come back. The message of it comes once, twice or not at all."""
        ref = self.pick(list(self.bank.refunds), which)
        self.bank.turn_refund(ref, turns_out)
        for row in self.refunds(provider_ref=ref):
            for _ in range(times):
                self.hear_of_refund(row)

    def hear_of_refund(self, row: Refund) -> None:
        refunds.refresh(refund_reference=row.reference)
        self.refund_is_heard(row)

    def refund_is_heard(self, row: Refund) -> None:
        """`row` is as it was before."""
        now = Refund.objects.get(pk=row.pk)
        status = self.bank.refunds[now.provider_ref].status
        known = self.model.__dict__.setdefault("refunds", {})
        before = known.get(row.pk, "under way")
        if status == "succeeded" and before == "under way":
            known[row.pk] = "confirmed"
            self.model.refund_confirmed(row.amount_minor)
            self.done["refund confirmed"] += 1
        elif status == "failed" and before != "failed":
            known[row.pk] = "failed"
            pay = next(pay for pay in self.payments if pay.row.pk == row.payment_id)
            self.model.refund_failed(str(pay.row.pk), row.amount_minor, was_confirmed=before == "confirmed", cases=pay.cases)
            self.done["refund failed"] += 1

    # ── a buyer's bank ────────────────────────────────────────────────────────────────────────────
    def paid(self) -> list[Pay]:
        return [pay for pay in self.payments if pay.state in ("succeeded", "late")]

    def cases(self, *states: str) -> list[tuple[Pay, Case]]:
        return [(pay, case) for pay in self.payments for case in pay.cases if case.state in states]

    def tell(self, said: ProviderDispute, times: int = 1, *, about: Pay | None = None) -> Chargeback:
        self.bank.disputes[said.ref] = said
        plan = next((hold for hold in about.holds if hold.planned), None) if about else None
        before = self.last_event() if plan else 0
        for _ in range(times):
            provider_event.send(sender=Banking, kind="dispute", provider="sandbox", object=said, at=self.at)
        if plan:
            self.follow(before, but=plan)
        return Chargeback.objects.get(ref=said.ref)

    def said(self, pay: Pay, case: Case) -> ProviderDispute:
        return self.bank.disputes[f"dp_{pay.row.pk}_{pay.cases.index(case)}"]

    @precondition(lambda self: any(len(pay.cases) < MOST_CASES for pay in self.paid()))
    @rule(which=WHICH, size=SIZE, takes=st.booleans(), times=st.integers(1, 2))
    def bank_asks(self, which: int, size: int, takes: bool, times: int) -> None:
        pay = self.pick([pay for pay in self.paid() if len(pay.cases) < MOST_CASES], which)
        self.asks(pay, sized(size, pay.amount), takes=takes, times=times)

    def asks(self, pay: Pay, minor: int, *, takes: bool, times: int = 1) -> None:
        asked = max(1, minor)
        zero, ref = self.money(0), f"dp_{pay.row.pk}_{len(pay.cases)}"
        said = ProviderDispute(
            ref=ref, payment_ref=pay.row.reference, status="inquiry", reason="fraudulent", amount=self.money(asked), withdrawn=zero, returned=zero,
            livemode=False,
        )  # fmt: skip
        row = self.tell(said, times)
        pending = [other for other in pay.cases if other.state in ("inquiry", "open")]
        pay.cases.append(self.model.case(row.reference, asked, pay.holds, pending))
        assert row.excess_minor == pay.cases[-1].excess, "the bank's question is shared over other money than the buyer's"
        self.done["chargeback asked"] += 1
        if takes:
            self._take(pay, pay.cases[-1], times)

    def _take(self, pay: Pay, case: Case, times: int) -> None:
        said = self.said(pay, case)
        self.bank.move("dispute", said.ref, -case.asked, self.currency, FEE)
        self.tell(replace(said, status="needs_response", withdrawn=self.money(case.asked + FEE)), times)
        self.model.case_taken(case, FEE)
        self.done["chargeback opened"] += 1

    @precondition(lambda self: self.cases("inquiry"))
    @rule(which=WHICH, drops=st.booleans(), times=st.integers(1, 2))
    def bank_goes_on(self, which: int, drops: bool, times: int) -> None:
        pay, case = self.pick(self.cases("inquiry"), which)
        if drops:
            self.tell(replace(self.said(pay, case), status="inquiry_closed"), times)
            self.model.case_ended(case, pay.holds, "closed")
            self.done["chargeback dropped"] += 1
        else:
            self._take(pay, case, times)

    @precondition(lambda self: self.cases("open"))
    @rule(which=WHICH, won=st.booleans(), fee_back=st.booleans(), times=st.integers(1, 2))
    def bank_decides(self, which: int, won: bool, fee_back: bool, times: int) -> None:
        pay, case = self.pick(self.cases("open"), which)
        if won:
            self._won(pay, case, fee_back, times)
            self.model.case_won(case, pay.holds, case.asked + FEE * fee_back)
            self.done["chargeback won"] += 1
        else:
            self.loses(pay, case, times)

    def loses(self, pay: Pay, case: Case, times: int = 1) -> None:
        self.tell(replace(self.said(pay, case), status="lost"), times, about=pay)
        self.model.case_lost(case, str(pay.row.pk), pay.holds, [other for other in pay.cases if other is not case])
        self.done["chargeback lost"] += 1

    def _won(self, pay: Pay, case: Case, fee_back: bool, times: int) -> None:
        said = self.said(pay, case)
        self.bank.move("dispute_won", said.ref, case.asked, self.currency, -FEE * fee_back)
        self.tell(replace(said, status="won", returned=self.money(case.asked + FEE * fee_back)), times)

    @precondition(lambda self: self.cases("lost"))
    @rule(which=WHICH, fee_back=st.booleans(), times=st.integers(1, 2))
    def bank_changes_its_mind(self, which: int, fee_back: bool, times: int) -> None:
        pay, case = self.pick(self.cases("lost"), which)
        self.turns(pay, case, fee_back, times)

    def turns(self, pay: Pay, case: Case, fee_back: bool, times: int = 1) -> None:
        self._won(pay, case, fee_back, times)
        self.model.case_turned(case, pay.holds, case.asked + FEE * fee_back)
        self.done["chargeback turned"] += 1

    def sold(self) -> list[Pay]:
        """Paid, the seller too, and never asked about."""
        return [pay for pay in self.paid() if not pay.cases and all(hold.state == "released" for hold in pay.holds)]

    @precondition(lambda self: self.sold())
    @rule(which=WHICH, size=SIZE, fee_back=st.booleans())
    def bank_takes_and_gives_back(self, which: int, size: int, fee_back: bool) -> None:
        """A whole case about money that the seller has: taken with its commission, and given back with it. By itself chance seldom gets so far."""
        pay = self.pick(self.sold(), which)
        self.asks(pay, sized(size, pay.amount), takes=True)
        self.loses(pay, pay.cases[-1])
        self.turns(pay, pay.cases[-1], fee_back)

    @precondition(lambda self: self.cases("inquiry", "open", "lost"))
    @rule(which=WHICH, platform=st.booleans())
    def somebody_bears_it(self, which: int, platform: bool) -> None:
        pay, case = self.pick(self.cases("inquiry", "open", "lost"), which)
        bearer = "platform" if platform else "seller"
        if case.state == "lost":
            paid = any(piece.net and not self.model._never_sent(case, hold) for hold in pay.holds if (piece := case.pieces.get(hold.reference)))
            allowed = platform and not case.absorbed and paid
        else:
            allowed = True
        row = Chargeback.objects.select_related("payment").get(reference=case.reference)
        work = lambda: chargebacks.make_bear(case=row, bearer=bearer, reason="Ours", at=self.at, actor=STAFF)  # noqa: E731
        if self.attempt("bear", allowed, work):
            if case.state == "lost":
                self.model.case_absorbed(case, pay.holds)
            else:
                case.bearer = bearer

    # ── messages and the statement ────────────────────────────────────────────────────────────────
    def everything_is_told_again(self) -> None:
        """Late and doubled: what is known moves nothing, what was missed is heard."""
        for said in list(self.bank.disputes.values()):
            self.tell(said)
        for row in self.refunds(provider_ref__gt=""):
            self.hear_of_refund(row)
        for pay in self.payments:
            self.hear_of_payment(pay)

    def read_statement(self) -> None:
        """What the statement shows is heard by it, also when its own message was lost."""
        settlement.read_statement(provider="sandbox")
        read = self.model.__dict__.setdefault("settled", set())
        unheard = [pay for pay in self.payments if self.bank.payments[pay.row.provider_ref].status == "paid"]
        before = self.last_event()
        rows = self.refunds(provider_ref__gt="")
        settlement.explain_waiting(at=self.at)
        for pay in unheard:
            self.payment_is_heard(pay, before)
        shown = {line.source_ref for line in self.bank.lines if line.kind in ("refund", "refund_failed")}
        for row in rows:
            if row.provider_ref in shown:
                self.refund_is_heard(row)
        for line in self.bank.lines:
            if line.kind == "payment" and line.ref not in read:
                read.add(line.ref)
                self.model.settle(line.gross.amount_minor, line.fee.amount_minor)

    def answers_are_asked_for(self) -> None:
        for row in self.refunds(state="asked"):
            if f"refund:{row.reference}" in self.bank._keys:
                self.hear_of_refund(row)

    def settle_everything(self) -> None:
        self.answers_are_asked_for()
        self.read_statement()
