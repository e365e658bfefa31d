"""A payment provider in memory: what it did stays done, whether its answer arrives or not. It keeps a statement like the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from core import clock
from core.money import Money
from escrow.providers.base import (
    BalanceTransaction,
    MovementKind,
    PaymentRequest,
    ProviderAccount,
    ProviderBalance,
    ProviderDispute,
    ProviderPayment,
    ProviderPayout,
    ProviderRefund,
    ProviderRejected,
    ProviderTransfer,
    ProviderUnavailable,
)
from escrow.providers.methods import PaymentMethod

FEE = 17  # on every payment, never more than it


class Bank:
    """`loses`: the next write acts and its answer is lost. `refunds_as`, `transfers_as`, `pays_as`: how the next ones turn out."""

    code, livemode = "sandbox", False

    def __init__(self) -> None:
        self.payments: dict[str, ProviderPayment] = {}
        self.refunds: dict[str, ProviderRefund] = {}
        self.accounts: dict[str, ProviderAccount] = {}
        self.transfers: dict[str, ProviderTransfer] = {}
        self.payouts: dict[str, ProviderPayout] = {}
        self.disputes: dict[str, ProviderDispute] = {}
        self.lines: list[BalanceTransaction] = []
        self.loses, self.refunds_as, self.transfers_as, self.pays_as = False, "succeeded", "paid", "pending"
        self._keys: dict[str, str] = {}
        self._numbers = count(1)

    # ── what happens at the bank ──────────────────────────────────────────────────────────────────
    def move(self, kind: MovementKind, source_ref: str, gross: int, currency: str, fee: int = 0) -> None:
        at, ref = clock.now(), f"txn_{next(self._numbers)}"
        line = BalanceTransaction(
            ref=ref, kind=kind, source_ref=source_ref, gross=Money(gross, currency), fee=Money(fee, currency), created_at=at, available_at=at
        )
        self.lines.append(line)

    def is_paid(self, ref: str) -> None:
        """The buyer pays; also after we closed the session."""
        seen = self.payments[ref]
        if seen.status != "paid":
            self.payments[ref] = replace(seen, status="paid", method="card", paid_at=clock.now())
            self.move("payment", ref, seen.amount.amount_minor, seen.amount.currency, min(FEE, seen.amount.amount_minor))

    def turn_refund(self, ref: str, status: str) -> None:
        """A pending one succeeds or fails; one that succeeded comes back."""
        seen = self.refunds[ref]
        amount = seen.amount.amount_minor
        if status == "succeeded" and seen.status == "pending":
            self.move("refund", ref, -amount, seen.amount.currency)
        elif status == "failed" and seen.status == "succeeded":
            self.move("refund_failed", ref, amount, seen.amount.currency)
        elif status != "failed" or seen.status == "failed":
            return
        self.refunds[ref] = replace(seen, status=status, failure="account_closed" if status == "failed" else "")  # type: ignore[arg-type]

    # ── the protocol ──────────────────────────────────────────────────────────────────────────────
    def methods(self) -> tuple[PaymentMethod, ...]:
        return (PaymentMethod(code="card", disputes=True),)

    def rail_days(self) -> int:
        return 90

    def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        ref = self._once(request.key, "pay")
        if ref not in self.payments:
            self.payments[ref] = ProviderPayment(
                ref=ref, status="open", amount=request.amount, livemode=False, metadata=dict(request.metadata), hosted_url=f"/pay/{ref}/"
            )
        return self._answer(self.payments[ref])

    def retrieve_payment(self, ref: str) -> ProviderPayment:
        return self.payments[ref]

    def close_payment(self, ref: str) -> ProviderPayment:
        if self.payments[ref].status == "open":
            self.payments[ref] = replace(self.payments[ref], status="closed")
        return self._answer(self.payments[ref])

    def refund(self, *, key: str, payment_ref: str, amount: Money, metadata: Mapping[str, str], asked_at: datetime | None = None) -> ProviderRefund:
        ref = self._once(key, "ref")
        if ref not in self.refunds:
            made = ProviderRefund(ref=ref, payment_ref=payment_ref, status="pending", amount=amount)
            gone = sum(other.amount.amount_minor for other in self.refunds.values() if other.payment_ref == payment_ref and other.status != "failed")
            if gone + amount.amount_minor > self.payments[payment_ref].amount.amount_minor:
                raise AssertionError(f"{payment_ref}: refunded beyond what was paid")
            self.refunds[ref] = made
            self.turn_refund(ref, self.refunds_as)
        return self._answer(self.refunds[ref])

    def retrieve_refund(self, ref: str) -> ProviderRefund:
        return self.refunds[ref]

    def open_account(self, *, key: str, currency: str, country: str, metadata: Mapping[str, str], asked_at: Any = None) -> ProviderAccount:
        ref = self._once(key, "acct")
        self.accounts.setdefault(ref, ProviderAccount(ref=ref, ready=True, currency=currency, bank="bank"))
        return self.accounts[ref]

    def retrieve_account(self, ref: str) -> ProviderAccount:
        return self.accounts[ref]

    def transfer(
        self, *, key: str, account_ref: str, amount: Money, metadata: Mapping[str, str], group: str = "", funded_by: str = "", asked_at: Any = None
    ) -> ProviderTransfer:
        if self.transfers_as == "rejected" and key not in self._keys:
            raise ProviderRejected("account_closed")
        ref = self._once(key, "tr")
        if ref not in self.transfers:
            self.transfers[ref] = ProviderTransfer(ref=ref, account_ref=account_ref, status="pending", amount=amount)
            self.turn_transfer(ref, self.transfers_as)
        return self._answer(self.transfers[ref])

    def turn_transfer(self, ref: str, status: str) -> None:
        seen = self.transfers[ref]
        if seen.status == "pending" and status in ("paid", "failed"):
            self.transfers[ref] = replace(seen, status=status, failure="no_way" if status == "failed" else "")  # type: ignore[arg-type]
            if status == "paid":
                self.move("transfer", ref, -seen.amount.amount_minor, seen.amount.currency)

    def retrieve_transfer(self, ref: str) -> ProviderTransfer:
        return self.transfers[ref]

    def payout(self, *, key: str, account_ref: str, amount: Money, metadata: Mapping[str, str], asked_at: datetime | None = None) -> ProviderPayout:
        ref = self._once(key, "po")
        self.payouts.setdefault(ref, ProviderPayout(ref=ref, account_ref=account_ref, status=self.pays_as, amount=amount))  # type: ignore[arg-type]
        return self._answer(self.payouts[ref])

    def retrieve_payout(self, ref: str) -> ProviderPayout:
        return self.payouts[ref]

    def retrieve_dispute(self, ref: str) -> ProviderDispute:
        return self.disputes[ref]

    def list_disputes(self, *, since: datetime) -> list[ProviderDispute]:
        return []

    def balance(self, currency: str) -> ProviderBalance:
        total = sum(line.net.amount_minor for line in self.lines if line.net.currency == currency)
        return ProviderBalance(available=Money(total, currency), pending=Money.zero(currency))

    def list_balance_transactions(self, *, since: datetime, after: str = "", limit: int = 100) -> list[BalanceTransaction]:
        found = [line for line in self.lines if line.created_at >= since]
        refs = [line.ref for line in found]
        return found[refs.index(after) + 1 if after in refs else 0 :][:limit]

    # ──────────────────────────────────────────────────────────────────────────────────────────────
    def _once(self, key: str, kind: str) -> str:
        return self._keys.setdefault(key, f"{kind}_{next(self._numbers)}")

    def _answer(self, said: Any) -> Any:
        if self.loses:
            self.loses = False
            raise ProviderUnavailable("no_answer")
        return said
