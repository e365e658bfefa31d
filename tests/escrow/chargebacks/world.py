"""One trade at a bank whose six messages reach us in any order: payment, refund, dispute, and the payout of an earlier sale."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from core import clock, jobs, references
from core.actors import SYSTEM, Actor
from core.errors import Refusal
from core.money import Money
from escrow.chargebacks.models import Chargeback
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.jobs import heal_payments, read_waiting_events, settle_statements
from escrow.payments.models import Refund, WebhookEvent
from escrow.payments.webhooks import operations as webhooks
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.providers.base import Metadata, ProviderDispute, ProviderRefund, ProviderRejected
from escrow.providers.sandbox import refunds as bank_refunds
from escrow.providers.sandbox import sellers, statement, switches
from escrow.providers.sandbox.events import secrets
from escrow.providers.sandbox.models import SandboxRefund
from escrow.providers.sandbox.provider import Sandbox
from escrow.providers.signatures import sign
from tests.escrow.chargebacks.conftest import PARTS, eur
from tests.escrow.payouts.conftest import earn

MESSAGES = ("created", "succeeded", "dispute.created", "refunded", "dispute.closed", "payout.paid")
PAID, DISPUTED, GIVEN_BACK, FEE, EARNED = 10_500, 4_000, 1_000, 1_500, 7_000
SELLER = Actor("user", "SELLERUSER01", "Jonas")


class DisputingBank(Sandbox):
    """The sandbox with disputes, and with refunds whose names are known before they are made."""

    disputes: dict[str, ProviderDispute]

    def __init__(self) -> None:
        self.disputes = {}

    def retrieve_dispute(self, ref: str) -> ProviderDispute:
        if ref not in self.disputes:
            raise ProviderRejected("no_such_dispute", ref)
        return self.disputes[ref]

    def list_disputes(self, *, since: datetime) -> list[ProviderDispute]:
        return []  # what a message does not tell, nobody does

    def refund(self, *, key: str, payment_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderRefund:
        made = super().refund(key=key, payment_ref=payment_ref, amount=amount, metadata=metadata, asked_at=asked_at)
        named = f"ref_{payment_ref[4:]}"
        SandboxRefund.objects.filter(ref=made.ref).update(ref=named)
        return replace(made, ref=named)


class Trade:
    """Everything of one life."""

    def __init__(self, bank: DisputingBank, *, outcome: str) -> None:
        self.bank, self.outcome, self.at = bank, outcome, clock.now()
        self.seller = references.new()
        switches.configure(drop=1000, refund_delay=1000, delay_seconds=10**7)
        self._earn_and_ask_for_it()
        self.trade = references.new()
        with transaction.atomic():
            self.payment = payments.request(
                trade=self.trade, buyer="BUYERPARTY01", amount=eur(PAID), snapshot_hash="5" * 64, return_url="/back/",
                expires_at=self.at + timedelta(days=30), description="Things", at=self.at, actor=SYSTEM,
            )  # fmt: skip
            self.hold = holds.open(
                payment=self.payment, trade=self.trade, buyer="BUYERPARTY01", seller=self.seller, parts=PARTS,
                terms=holds.HoldTerms(), at=self.at, actor=SYSTEM,
            )  # fmt: skip
        payments.start(payment_reference=self.payment.reference)
        self.payment.refresh_from_db()
        self.dispute_ref = f"dp_{self.payment.reference}"

    def _earn_and_ask_for_it(self) -> None:
        payouts.ensure_account(party=self.seller, currency="EUR", country="DE", at=self.at, actor=SELLER)
        sending.open_account(party=self.seller, at=self.at)
        earn(self.seller, EARNED, self.at)
        self.payout = payouts.request(seller=self.seller, currency="EUR", amount=eur(EARNED), at=self.at, actor=SELLER)
        jobs.run_due()
        self.payout.refresh_from_db()

    def hears(self, message: str, *, times: int = 1) -> None:
        """It happens at the bank, if it can by now, and the message of it comes."""
        kind, ref = {
            "created": ("payment", self.payment.provider_ref),
            "succeeded": ("payment", self.payment.provider_ref),
            "dispute.created": ("dispute", self.dispute_ref),
            "dispute.closed": ("dispute", self.dispute_ref),
            "refunded": ("refund", f"ref_{self.payment.provider_ref[4:]}"),
            "payout.paid": ("payout", self.payout.payout_ref),
        }[message]
        self._happens(message)
        body = {"id": f"evt_{self.trade}_{message}", "type": message, "created": int(self.at.timestamp()), "livemode": False}
        payload = json.dumps({**body, "data": {"object": kind, "id": ref}}).encode()
        if times == 1:
            _tell(payload)
        else:
            with ThreadPoolExecutor(10) as pool:
                list(pool.map(_tell_apart, [payload] * times))
        jobs.run_due()
        self._seller_gives_some_back()

    def _happens(self, message: str) -> None:
        if message == "succeeded":
            sandbox_bank.pay(self.payment.provider_ref, method="card", at=clock.now())
        elif message == "dispute.created" and self.dispute_ref not in self.bank.disputes:
            self._dispute()
        elif message == "dispute.closed":
            if self.dispute_ref not in self.bank.disputes:
                self._dispute()
            self._close()
        elif message == "refunded":
            _settle_refunds()
        elif message == "payout.paid":
            sellers.land_due_payouts(clock.now() + timedelta(days=365))

    def _dispute(self) -> None:
        self.bank.disputes[self.dispute_ref] = ProviderDispute(
            ref=self.dispute_ref, payment_ref=self.payment.provider_ref, status="needs_response", reason="fraudulent", amount=eur(DISPUTED),
            withdrawn=eur(DISPUTED + FEE), returned=eur(0), livemode=False,
        )  # fmt: skip
        statement.write(kind="dispute", source_ref=self.dispute_ref, gross=eur(-DISPUTED), fee_minor=FEE, at=clock.now())

    def _close(self) -> None:
        said = self.bank.disputes[self.dispute_ref]
        won = self.outcome == "won"
        self.bank.disputes[self.dispute_ref] = replace(said, status="won" if won else "lost", returned=eur(DISPUTED if won else 0))
        if won:
            statement.write(kind="dispute_won", source_ref=self.dispute_ref, gross=eur(DISPUTED), at=clock.now())

    def _seller_gives_some_back(self) -> None:
        """As soon as the case is over, and once."""
        hold = Hold.objects.get(pk=self.hold.pk)
        case = Chargeback.objects.filter(payment=self.payment).first()
        over = case is not None and case.state in ("won", "lost")
        if not over or hold.chargeback_open or Refund.objects.filter(payment=self.payment).exists():
            return
        holds.refund(hold=hold, amount=eur(GIVEN_BACK), reason="A scratch", at=clock.now(), actor=SELLER, by="seller")
        jobs.run_due()

    def ends(self) -> None:
        """What waited is read again, and the statement is explained."""
        for _ in range(3):
            self._seller_gives_some_back()
            _settle_refunds()
            clock.travel(timedelta(hours=1, minutes=1))
            read_waiting_events.func()
            heal_payments.func()
            jobs.run_due()
        settle_statements.func()

    def stands(self) -> dict[str, Any]:
        """All that must be equal, whatever came first."""
        self.payment.refresh_from_db()
        self.payout.refresh_from_db()
        hold = Hold.objects.get(pk=self.hold.pk)
        told = WebhookEvent.objects.filter(event_id__startswith=f"evt_{self.trade}_")
        return {
            "payment": (self.payment.state, self.payment.late, self.payment.charged_back_minor),
            "hold": (hold.state, hold.left_minor, hold.chargeback_open, hold.charged_back_minor),
            "refunds": list(Refund.objects.filter(payment=self.payment).values_list("state", "amount_minor")),
            "cases": list(Chargeback.objects.filter(payment=self.payment).values_list("state", "amount_minor", "fee_minor")),
            "payout": (self.payout.state, self.payout.amount_minor),
            "messages": sorted(told.values_list("name", "state")),
        }


def _settle_refunds() -> None:
    at = clock.now()
    SandboxRefund.objects.filter(status="pending").update(settles_at=at)
    bank_refunds.settle_due(at)


def _tell(payload: bytes) -> None:
    at = clock.now()
    signature = sign(payload=payload, secret=secrets()[0], at=at)
    webhooks.receive_event(provider="sandbox", payload=payload, signature=signature, at=at)


def _tell_apart(payload: bytes) -> None:
    try:
        _tell(payload)
    finally:
        connection.close()


def live(bank: DisputingBank, order: Sequence[str], *, outcome: str, times: int = 1) -> dict[str, Any]:
    """One life; how it stands at its end, and what it added to each kind of account."""
    before = _book()
    trade = Trade(bank, outcome=outcome)
    for message in order:
        try:
            trade.hears(message, times=times)
        except Refusal as refusal:
            raise AssertionError(f"{message} was refused: {refusal.code}") from refusal
    trade.ends()
    after = _book()
    after.subtract(before)
    return {**trade.stands(), "book": {name: amount for name, amount in sorted(after.items()) if amount}}


def _book() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(account.code, ':', 1), sum(posting.amount_minor)::bigint FROM escrow_posting posting"
            " JOIN escrow_account account ON account.id = posting.account_id GROUP BY 1"
        )
        return Counter({name: int(total) for name, total in cursor.fetchall()})
