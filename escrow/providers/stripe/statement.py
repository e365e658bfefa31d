"""Our balance at Stripe, and every line that moved it."""

from collections import deque
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import stripe
from stripe.params import BalanceTransactionListParams

from core.money import Money
from escrow.providers.base import BalanceTransaction, MovementKind, ProviderBalance
from escrow.providers.stripe import checkout, writes
from escrow.providers.stripe.amounts import from_stripe
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import answering

PAGE = 100  # Stripe's largest

KINDS: dict[str, MovementKind] = {
    "charge": "payment",
    "payment": "payment",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failed",
    "payment_failure_refund": "other",  # a payment that failed after it had been paid: a person looks
    "transfer": "transfer",
    "transfer_refund": "reversal",
    "transfer_cancel": "reversal",
    "transfer_failure": "reversal",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "payment_network_reserve_hold": "other",
    "payout": "payout",
    "payout_cancel": "payout_failed",
    "payout_failure": "payout_failed",
    "topup": "topup",
    "topup_reversal": "topup",
}
DISPUTES: dict[str, MovementKind] = {"dispute": "dispute", "dispute_reversal": "dispute_won"}


def balance(currency: str) -> ProviderBalance:
    with answering():
        now = client().v1.balance.retrieve()
        return ProviderBalance(available=_sum(now.available, currency), pending=_sum(now.pending, currency))


def _sum(amounts: list[Any], currency: str) -> Money:
    return Money.total((from_stripe(one.amount, currency) for one in amounts if one.currency.upper() == currency), currency)


def lines(*, since: datetime, after: str, limit: int) -> list[BalanceTransaction]:
    """Stripe pages from the newest to the oldest. Without a place to go on from, we walk down to the oldest and keep only those."""
    with answering():
        params: BalanceTransactionListParams = {"created": {"gte": int(since.timestamp())}, "limit": PAGE, "expand": ["data.source"]}
        if after:
            newer = client().v1.balance_transactions.list({**params, "limit": min(limit, PAGE), "ending_before": after}).auto_paging_iter()
            return [_line(one) for one in islice(newer, limit)]
        oldest = deque(client().v1.balance_transactions.list(params).auto_paging_iter(), maxlen=limit)
        return [_line(one) for one in reversed(oldest)]


def _line(one: stripe.BalanceTransaction) -> BalanceTransaction:
    kind = _kind(one)
    return BalanceTransaction(
        ref=one.id,
        kind=kind,
        source_ref=_payment_ref(one.source) if kind == "payment" else _id(one.source),
        gross=from_stripe(one.amount, one.currency),
        fee=from_stripe(one.fee, one.currency),
        created_at=datetime.fromtimestamp(one.created, UTC),
        available_at=datetime.fromtimestamp(one.available_on, UTC),
    )


def _kind(one: stripe.BalanceTransaction) -> MovementKind:
    """A line in another currency than its object was exchanged by Stripe, which we never ask for: a person looks."""
    currency = getattr(one.source, "currency", None)
    if currency and currency != one.currency:
        return "other"
    if one.type == "adjustment":
        return DISPUTES.get(one.reporting_category, "other")
    return KINDS.get(one.type, "other")


def _payment_ref(charge: Any) -> str:
    """A charge carries our reference since its payment intent was made; without it we ask for its session."""
    return writes.words(charge).get("payment") or checkout.session_of(getattr(charge, "payment_intent", None)) or _id(charge)


def _id(source: Any) -> str:
    return str(getattr(source, "id", source) or "")
