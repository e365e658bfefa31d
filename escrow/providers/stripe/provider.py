"""Stripe behind the protocol: each line goes to the module that knows."""

from collections.abc import Mapping
from datetime import datetime

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
)
from escrow.providers.methods import PaymentMethod
from escrow.providers.stripe import checkout, connection, disputes, events, methods, refunds, sellers, statement


class Stripe:
    code = "stripe"
    listed_kinds: frozenset[ObjectKind] = events.LISTED
    keeps_events_for = events.KEPT

    def __init__(self) -> None:
        self.livemode = connection.is_live()

    def methods(self) -> tuple[PaymentMethod, ...]:
        return methods.enabled()

    def rail_days(self) -> int:
        return methods.rail_days()

    def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        return checkout.create(request)

    def retrieve_payment(self, ref: str) -> ProviderPayment:
        return checkout.retrieve(ref)

    def close_payment(self, ref: str) -> ProviderPayment:
        return checkout.close(ref)

    def refund(self, *, key: str, payment_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderRefund:
        return refunds.send(key=key, payment_ref=payment_ref, amount=amount, metadata=metadata, asked_at=asked_at)

    def retrieve_refund(self, ref: str) -> ProviderRefund:
        return refunds.retrieve(ref)

    def open_account(self, *, key: str, currency: str, country: str, metadata: Metadata, asked_at: datetime | None = None) -> ProviderAccount:
        return sellers.open_account(key=key, currency=currency, country=country, metadata=metadata, asked_at=asked_at)

    def retrieve_account(self, ref: str) -> ProviderAccount:
        return sellers.retrieve_account(ref)

    def onboarding_link(self, *, account_ref: str, return_url: str, refresh_url: str = "") -> str:
        return sellers.onboarding_link(account_ref=account_ref, return_url=return_url, refresh_url=refresh_url)

    def dashboard_link(self, *, account_ref: str) -> str:
        return sellers.dashboard_link(account_ref=account_ref)

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
        return sellers.transfer(
            key=key, account_ref=account_ref, amount=amount, metadata=metadata, group=group, funded_by=funded_by, asked_at=asked_at
        )

    def retrieve_transfer(self, ref: str) -> ProviderTransfer:
        return sellers.retrieve_transfer(ref)

    def reverse(
        self, *, key: str, transfer_ref: str, amount: Money, metadata: Metadata | None = None, asked_at: datetime | None = None
    ) -> ProviderReversal:
        return sellers.reverse(key=key, transfer_ref=transfer_ref, amount=amount, metadata=metadata or {}, asked_at=asked_at)

    def payout(self, *, key: str, account_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderPayout:
        return sellers.payout(key=key, account_ref=account_ref, amount=amount, metadata=metadata, asked_at=asked_at)

    def retrieve_payout(self, ref: str) -> ProviderPayout:
        return sellers.retrieve_payout(ref)

    def retrieve_dispute(self, ref: str) -> ProviderDispute:
        return disputes.retrieve(ref)

    def list_disputes(self, *, since: datetime) -> list[ProviderDispute]:
        return disputes.opened_since(since)

    def upload_evidence(self, *, key: str, name: str, content: bytes, media_type: str) -> str:
        return disputes.upload(key=key, name=name, content=content, media_type=media_type)

    def submit_evidence(
        self, *, key: str, dispute_ref: str, words: Mapping[str, str], files: Mapping[str, str] | None = None, final: bool = True
    ) -> ProviderDispute:
        return disputes.submit(key=key, dispute_ref=dispute_ref, words=words, files=files or {}, final=final)

    def accept_dispute(self, *, key: str, dispute_ref: str) -> ProviderDispute:
        return disputes.accept(key=key, dispute_ref=dispute_ref)

    def balance(self, currency: str) -> ProviderBalance:
        return statement.balance(currency)

    def list_balance_transactions(self, *, since: datetime, after: str = "", limit: int = 100) -> list[BalanceTransaction]:
        return statement.lines(since=since, after=after, limit=limit)

    def list_events(self, *, since: datetime, after: str = "", limit: int = 100) -> list[ProviderEvent]:
        return events.written(since=since, after=after, limit=limit)

    def parse_webhook(self, *, payload: bytes, signature: str, at: datetime) -> ProviderEvent:
        return events.parse(payload=payload, signature=signature, at=at)
