"""The sandbox behind the protocol: every write may act and lose its answer; every message is checked like a real one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from core import clock
from core.money import Money
from escrow.providers.base import (
    BalanceTransaction,
    Metadata,
    ObjectKind,
    PaymentRequest,
    ProviderAccount,
    ProviderBalance,
    ProviderDispute,
    ProviderEvent,
    ProviderPayment,
    ProviderPayout,
    ProviderRefund,
    ProviderReversal,
    ProviderTransfer,
    SignatureInvalid,
)
from escrow.providers.methods import PaymentMethod
from escrow.providers.sandbox import charges, disputes, events, refunds, sellers, statement
from escrow.providers.sandbox.switches import losing_answers
from escrow.providers.signatures import is_genuine

RAIL_DAYS = 90
METHODS = (
    PaymentMethod(code="card", brands=("unionpay",), manual_capture=True, disputes=True),
    PaymentMethod(code="alipay", refund_days=90, refunds_later=True),
    PaymentMethod(code="wechat_pay", refund_days=180, refunds_later=True),
    PaymentMethod(code="bank_transfer", refunds_later=True, pays_later=True),
)


class Sandbox:
    code = "sandbox"
    livemode = False
    listed_kinds: frozenset[ObjectKind] = frozenset({"payment", "refund", "transfer", "payout", "account", "dispute"})
    keeps_events_for = timedelta(days=36_500)

    def methods(self) -> tuple[PaymentMethod, ...]:
        return METHODS

    def rail_days(self) -> int:
        return RAIL_DAYS

    def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        with losing_answers():
            return charges.create(request)

    def retrieve_payment(self, ref: str) -> ProviderPayment:
        return charges.retrieve(ref)

    def close_payment(self, ref: str) -> ProviderPayment:
        with losing_answers():
            return charges.close(ref)

    def refund(self, *, key: str, payment_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderRefund:
        with losing_answers():
            return refunds.send(key=key, payment_ref=payment_ref, amount=amount, metadata=metadata)

    def retrieve_refund(self, ref: str) -> ProviderRefund:
        return refunds.retrieve(ref)

    def open_account(self, *, key: str, currency: str, country: str, metadata: Metadata, asked_at: datetime | None = None) -> ProviderAccount:
        with losing_answers():
            return sellers.open_account(key=key, currency=currency, country=country, metadata=metadata)

    def retrieve_account(self, ref: str) -> ProviderAccount:
        return sellers.retrieve_account(ref)

    def onboarding_link(self, *, account_ref: str, return_url: str, refresh_url: str = "") -> str:
        """The sandbox believes a seller at once: back with every question answered."""
        sellers.believe(account_ref, at=clock.now())
        return return_url

    def dashboard_link(self, *, account_ref: str) -> str:
        return ""

    def transfer(
        self,
        *,
        key: str,
        account_ref: str,
        amount: Money,
        metadata: Metadata,
        group: str = "",
        funded_by: str = "",
        asked_at: datetime | None = None,
    ) -> ProviderTransfer:
        with losing_answers():
            return sellers.transfer(key=key, account_ref=account_ref, amount=amount, metadata=metadata)

    def retrieve_transfer(self, ref: str) -> ProviderTransfer:
        return sellers.retrieve_transfer(ref)

    def reverse(
        self, *, key: str, transfer_ref: str, amount: Money, metadata: Metadata | None = None, asked_at: datetime | None = None
    ) -> ProviderReversal:
        with losing_answers():
            return sellers.reverse_transfer(key=key, transfer_ref=transfer_ref, amount=amount)

    def payout(self, *, key: str, account_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderPayout:
        with losing_answers():
            return sellers.payout(key=key, account_ref=account_ref, amount=amount, metadata=metadata)

    def retrieve_payout(self, ref: str) -> ProviderPayout:
        return sellers.retrieve_payout(ref)

    def retrieve_dispute(self, ref: str) -> ProviderDispute:
        return disputes.retrieve(ref)

    def list_disputes(self, *, since: datetime) -> list[ProviderDispute]:
        return disputes.opened_since(since)

    def upload_evidence(self, *, key: str, name: str, content: bytes, media_type: str) -> str:
        with losing_answers():
            return disputes.upload(key=key, name=name, content=content, media_type=media_type)

    def submit_evidence(
        self, *, key: str, dispute_ref: str, words: Mapping[str, str], files: Mapping[str, str] | None = None, final: bool = True
    ) -> ProviderDispute:
        with losing_answers():
            return disputes.submit(key=key, dispute_ref=dispute_ref, words=words, files=files or {}, final=final)

    def accept_dispute(self, *, key: str, dispute_ref: str) -> ProviderDispute:
        with losing_answers():
            return disputes.accept(key=key, dispute_ref=dispute_ref)

    def balance(self, currency: str) -> ProviderBalance:
        return statement.balance(currency, clock.now())

    def list_balance_transactions(self, *, since: datetime, after: str = "", limit: int = 100) -> list[BalanceTransaction]:
        return statement.lines(since=since, after=after, limit=limit)

    def list_events(self, *, since: datetime, after: str = "", limit: int = 100) -> list[ProviderEvent]:
        return [_event(payload.encode()) for payload in events.written(since=since, after=after, limit=limit)]

    def parse_webhook(self, *, payload: bytes, signature: str, at: datetime) -> ProviderEvent:
        if not is_genuine(payload=payload, header=signature, secrets=events.secrets(), at=at):
            raise SignatureInvalid("signature_invalid")
        return _event(payload)


def _event(payload: bytes) -> ProviderEvent:
    try:
        body = json.loads(payload)
        return ProviderEvent(
            event_id=str(body["id"]),
            name=str(body["type"]),
            object_kind=body["data"]["object"],
            object_ref=str(body["data"]["id"]),
            livemode=bool(body["livemode"]),
            created_at=datetime.fromtimestamp(int(body["created"]), UTC),
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise SignatureInvalid("payload_malformed") from problem
