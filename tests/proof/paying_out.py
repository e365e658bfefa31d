"""Rules: sellers ask for their money; it is sent, arrives, comes back; a part is kept in reserve; debts are netted or given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from escrow.payments.signals import provider_event
from escrow.payouts import operations as payouts
from escrow.payouts import recovery, reserves, sending
from escrow.payouts.models import Payout
from tests.proof.banking import Banking
from tests.proof.life import SELLER, SELLERS, SIZE, STAFF, WHICH, sized


@dataclass(eq=False)
class Out:
    """One payout as the model knows it."""

    pk: int
    seller: str
    amount: int
    state: str = "requested"
    at_bank: bool = False

    def row(self) -> Payout:
        return Payout.objects.select_related("account").get(pk=self.pk)


class PayingOut(Banking):
    """And all that belongs to it."""

    def __init__(self) -> None:
        super().__init__()
        self.payouts: list[Out] = []

    def outs(self, *states: str) -> list[Out]:
        return [out for out in self.payouts if out.state in states]

    # ── asking ────────────────────────────────────────────────────────────────────────────────────
    @precondition(lambda self: any(self.model.payable(seller) for seller in SELLERS))
    @rule(seller=st.sampled_from(SELLERS), size=SIZE, everything=st.booleans())
    def ask_for_payout(self, seller: str, size: int, everything: bool) -> None:
        self.take_out(seller, size, everything=everything)

    def drain(self, seller: str) -> None:
        if self.model.payable(seller):
            self.take_out(seller, 0, everything=True)

    def take_out(self, seller: str, size: int, *, everything: bool) -> None:
        there = self.model.payable(seller)
        kept = self.to_keep(seller)
        after = there - kept
        owed = self.model.debt(seller)
        after, still = after - min(after, owed), owed - min(after, owed)
        amount = after if everything else sized(size, there)
        allowed = not still and 0 < amount <= after
        asked = None if everything else self.money(amount)
        made = self.attempt("payout", allowed, lambda: payouts.request(
            seller=seller, currency=self.currency, amount=asked, at=self.at, actor=SELLER,
        ))  # fmt: skip
        if made:
            self._asked(seller, amount, made)

    def _asked(self, seller: str, amount: int, made: Payout) -> None:
        self.keep_back(seller)
        self.model.net(seller)
        self.model.payout_asked(seller, amount)
        self.payouts.append(Out(made.pk, seller, amount))

    def day_of_payouts(self, made: list[Any]) -> None:
        for row in made:
            self.done["payout by itself"] += 1
            self._asked(row.seller, row.amount_minor, row)

    # ── sending ───────────────────────────────────────────────────────────────────────────────────
    @precondition(lambda self: self.outs("requested"))
    @rule(which=WHICH, turns_out=st.sampled_from(["paid", "paid", "pending", "failed", "rejected"]), lost=st.booleans())
    def payout_is_sent(self, which: int, turns_out: str, lost: bool) -> None:
        out = self.pick(self.outs("requested"), which)
        self.bank.transfers_as, self.bank.loses = turns_out, lost
        sending.send(payout=out.row(), at=self.at)
        rejected = turns_out == "rejected" and f"transfer:{out.row().reference}" not in self.bank._keys
        if self.bank.loses or not lost:  # the answer came
            self._transfer_is_heard(out, "failed" if rejected else self._at_bank(out))
        self.bank.loses = False

    def _at_bank(self, out: Out) -> str:
        return str(self.bank.transfers[self.bank._keys[f"transfer:{out.row().reference}"]].status)

    def _transfer_is_heard(self, out: Out, status: str) -> None:
        if out.state == "requested" and status == "paid":
            out.state = "confirmed"
            self.model.payout_confirmed(out.seller, out.amount)
            self.done["payout confirmed"] += 1
        elif out.state == "requested" and status == "failed":
            out.state = "failed"
            self.model.payout_failed(out.seller, out.amount)
            self.done["payout failed"] += 1

    @precondition(lambda self: self.bank.transfers)
    @rule(which=WHICH, turns_out=st.sampled_from(["paid", "failed"]), times=st.integers(0, 2))
    def transfer_turns(self, which: int, turns_out: str, times: int) -> None:
        ref = self.pick(list(self.bank.transfers), which)
        self.bank.turn_transfer(ref, turns_out)
        for _ in range(times):
            provider_event.send(sender=PayingOut, kind="transfer", provider="sandbox", object=self.bank.transfers[ref], at=self.at)
        if times:
            for out in self.payouts:
                if out.row().transfer_ref == ref:
                    self._transfer_is_heard(out, self.bank.transfers[ref].status)

    # ── the seller's bank ─────────────────────────────────────────────────────────────────────────
    @precondition(lambda self: self.outs("confirmed", "paid"))
    @rule(which=WHICH, turns_out=st.sampled_from(["paid", "pending", "failed"]), lost=st.booleans())
    def bank_of_seller_is_asked(self, which: int, turns_out: str, lost: bool) -> None:
        out = self.pick(self.outs("confirmed", "paid"), which)
        row = out.row()
        if row.payout_ref and self.bank.payouts[row.payout_ref].status != "failed":
            self.bank.payouts[row.payout_ref] = replace(self.bank.payouts[row.payout_ref], status=turns_out)  # type: ignore[arg-type]
        self.bank.pays_as, self.bank.loses = turns_out, lost
        if sending.ask_bank(payout=row, at=self.at) is not None:
            self._bank_is_heard(out)
        self.bank.loses = False

    def _bank_is_heard(self, out: Out) -> None:
        row = out.row()
        status = self.bank.payouts[row.payout_ref].status
        if not out.at_bank:
            out.at_bank = True
            self.model.lies(out.seller, -out.amount)
        if status == "failed" and out.state != "returned":
            out.state = "returned"
            self.model.lies(out.seller, out.amount)
            self.done["payout returned"] += 1
        elif status == "paid" and out.state == "confirmed":
            out.state = "paid"
            self.done["payout paid"] += 1

    @precondition(lambda self: self.outs("returned"))
    @rule(which=WHICH)
    def payout_is_tried_again(self, which: int) -> None:
        out = self.pick(self.outs("returned"), which)
        payouts.try_again(payout=out.row(), at=self.at, actor=SELLER)
        out.state, out.at_bank = "confirmed", False

    # ── reserve and debts ─────────────────────────────────────────────────────────────────────────
    @rule(what=st.sampled_from(["statement", "again", "debts", "reserve"]), seller=st.sampled_from(SELLERS),
          share=st.sampled_from([0, 500, 2_500, 10_000]), days=st.integers(1, 20))  # fmt: skip
    def house_is_kept(self, what: str, seller: str, share: int, days: int) -> None:
        if what == "statement":
            self.read_statement()
        elif what == "again":
            self.everything_is_told_again()
        elif what == "debts":
            self.day_of_debts()
        else:
            self.agree_on_reserve(seller, share, days)

    def agree_on_reserve(self, seller: str, share: int, days: int) -> None:
        reserves.set_terms(party=seller, reserve_bp=share, reserve_days=days, reason="New shop", at=self.at, actor=STAFF)
        if self.terms[seller][0] == 0:
            self.model.earned[seller] = 0
        self.terms[seller] = share, days

    def to_keep(self, seller: str) -> int:
        share, _days = self.terms[seller]
        return max(0, min(self.model.payable(seller), self.model.earned[seller] * share // 10_000))

    def keep_back(self, seller: str) -> None:
        if (amount := self.to_keep(seller)) > 0:
            self.model.keep(seller, amount)
            self.kept.append([seller, amount, self.at + timedelta(days=self.terms[seller][1])])
            self.done["reserve kept"] += 1
        if self.terms[seller][0]:
            self.model.earned[seller] = 0

    def day_of_debts(self) -> None:
        """As the daily job: reserves are kept, then free what is owed, and pay it."""
        reserves.keep_back_everywhere(at=self.at)
        for seller in SELLERS:
            self.keep_back(seller)
        recovery.net_everybody(at=self.at)
        for seller in SELLERS:
            if self.model.debt(seller):
                self._free_for_debt(seller)
                self.model.net(seller)
                self.done["debt netted"] += 1

    def _free_for_debt(self, seller: str) -> None:
        needed = self.model.debt(seller) - self.model.payable(seller)
        for kept in self.kept:
            if kept[0] == seller and kept[1] and needed > 0:
                part = min(kept[1], needed)
                kept[1], needed = kept[1] - part, needed - part
                self.model.keep(seller, -part)

    @precondition(lambda self: any(self.model.debt(seller) for seller in SELLERS))
    @rule(seller=st.sampled_from(SELLERS), size=SIZE)
    def debt_is_given_up(self, seller: str, size: int) -> None:
        owed = self.model.debt(seller)
        amount = sized(size, owed)
        allowed = 0 < amount <= owed
        work = lambda: recovery.write_off(seller=seller, amount=self.money(amount), reason="Gone", at=self.at, actor=STAFF)  # noqa: E731
        if self.attempt("write off", allowed, work):
            self.model.have[self.model.of("seller_receivable", seller)] -= amount
            self.model.change("bad_debt", amount)

    def settle_everything(self) -> None:
        """Whoever never heard an answer asks again, as the chase does: else the statement shows a line that nobody can explain."""
        for out in self.outs("requested"):
            if f"transfer:{out.row().reference}" not in self.bank._keys:
                continue
            sending.send(payout=out.row(), at=self.at)
            self._transfer_is_heard(out, self._at_bank(out))
        super().settle_everything()
