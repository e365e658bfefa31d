"""Money back to the payer. Stripe answers at once, but what it answers may still change, also after `succeeded`."""

from datetime import datetime

import stripe

from core.money import Money
from escrow.providers.base import Metadata, ProviderRefund, RefundStatus
from escrow.providers.stripe import checkout, writes
from escrow.providers.stripe.amounts import from_stripe, to_stripe
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import answering

STATUS: dict[str, RefundStatus] = {
    "pending": "pending",
    "requires_action": "requires_action",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}


def send(*, key: str, payment_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None) -> ProviderRefund:
    with answering():
        intent = checkout.intent_of(payment_ref).id
        refund = writes.once(
            key=key,
            asked_at=asked_at,
            write=lambda options: client().v1.refunds.create(
                {
                    "payment_intent": intent,
                    "amount": to_stripe(amount),
                    "reason": "requested_by_customer",
                    "metadata": writes.stamped(key, metadata, session=payment_ref),
                },
                options,
            ),
            search=lambda: client().v1.refunds.list({"payment_intent": intent, "limit": 100}).auto_paging_iter(),
        )
        return _seen(refund, payment_ref)


def retrieve(ref: str) -> ProviderRefund:
    with answering():
        refund = client().v1.refunds.retrieve(ref)
        return _seen(refund, writes.words(refund).get("session") or checkout.session_of(refund.payment_intent))


def _seen(refund: stripe.Refund, payment_ref: str) -> ProviderRefund:
    status = STATUS[refund.status or "pending"]
    failure = (getattr(refund, "failure_reason", None) or refund.status or "") if status == "failed" else ""
    return ProviderRefund(ref=refund.id, payment_ref=payment_ref, status=status, amount=from_stripe(refund.amount, refund.currency), failure=failure)
