"""The payer's bank asks for the money back. Stripe takes it from our balance first and listens afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import stripe

from core.money import Money
from escrow.providers.base import DisputeStatus, ProviderDispute, ProviderRejected
from escrow.providers.stripe import checkout, writes
from escrow.providers.stripe.amounts import from_stripe
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import answering

STATUS: dict[str, DisputeStatus] = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "inquiry_closed",
    "needs_response": "needs_response",
    "appeal_needs_response": "needs_response",
    "under_review": "under_review",
    "appeal_under_review": "under_review",
    "won": "won",
    "lost": "lost",
    "prevented": "prevented",
}
# Our names of evidence → Stripe's.
WORDS = {
    "summary": "uncategorized_text",
    "product_description": "product_description",
    "customer_name": "customer_name",
    "customer_email": "customer_email_address",
    "customer_ip": "customer_purchase_ip",
    "billing_address": "billing_address",
    "shipping_address": "shipping_address",
    "shipping_carrier": "shipping_carrier",
    "shipping_date": "shipping_date",
    "shipping_tracking_number": "shipping_tracking_number",
    "service_date": "service_date",
    "access_log": "access_activity_log",
    "refund_policy_shown": "refund_policy_disclosure",
    "refund_refusal": "refund_refusal_explanation",
}
FILES = {
    "receipt": "receipt",
    "customer_communication": "customer_communication",
    "shipping_proof": "shipping_documentation",
    "service_proof": "service_documentation",
    "refund_policy": "refund_policy",
    "customer_signature": "customer_signature",
    "other": "uncategorized_file",
}
LONGEST_FIELD, LONGEST_TOTAL = 20_000, 150_000
FILE_KINDS = frozenset({"application/pdf", "image/jpeg", "image/png"})
LARGEST_FILE = 4_500_000  # of all the files of a dispute together


def retrieve(ref: str) -> ProviderDispute:
    with answering():
        return _seen(client().v1.disputes.retrieve(ref))


def opened_since(since: datetime) -> list[ProviderDispute]:
    with answering():
        listed = client().v1.disputes.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        return [_seen(dispute) for dispute in listed.auto_paging_iter()]


def upload(*, key: str, name: str, content: bytes, media_type: str) -> str:
    """The SDK reads the file's name from the file object."""
    if media_type not in FILE_KINDS or not 0 < len(content) <= LARGEST_FILE:
        raise ProviderRejected("file_unacceptable", f"{name}: a PDF, JPEG or PNG of at most 4.5 MB")
    with answering():
        file: Any = BytesIO(content)
        file.name = name
        return client().v1.files.create({"purpose": "dispute_evidence", "file": file}, writes.options(key)).id


def submit(*, key: str, dispute_ref: str, words: Mapping[str, str], files: Mapping[str, str], final: bool) -> ProviderDispute:
    evidence: Any = {name: refused_if_long(text) for name, text in named(words, WORDS).items()} | named(files, FILES)
    if sum(map(len, evidence.values())) > LONGEST_TOTAL:
        raise ProviderRejected("evidence_too_long", f"at most {LONGEST_TOTAL} characters together")
    with answering():
        return _seen(client().v1.disputes.update(dispute_ref, {"evidence": evidence, "submit": final}, writes.options(key)))


def named(given: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Under Stripe's names; refused when there is one that it does not have."""
    if unknown := set(given) - set(names):
        raise ProviderRejected("evidence_unknown", ", ".join(sorted(unknown)))
    return {names[name]: value for name, value in given.items() if value}


def refused_if_long(text: str) -> str:
    if len(text) > LONGEST_FIELD:
        raise ProviderRejected("evidence_too_long", f"at most {LONGEST_FIELD} characters each")
    return text


def accept(*, key: str, dispute_ref: str) -> ProviderDispute:
    with answering():
        return _seen(client().v1.disputes.close(dispute_ref, {}, writes.options(key)))


def _seen(dispute: stripe.Dispute) -> ProviderDispute:
    amount = from_stripe(dispute.amount, dispute.currency)
    details = dispute.evidence_details
    return ProviderDispute(
        ref=dispute.id,
        payment_ref=checkout.session_of(dispute.payment_intent),
        status=STATUS[dispute.status],
        reason=dispute.reason,
        amount=amount,
        withdrawn=_moved(dispute, amount, out=True),
        returned=_moved(dispute, amount, out=False),
        livemode=dispute.livemode,
        answer_by=datetime.fromtimestamp(details.due_by, UTC) if details.due_by else None,
        evidence_sent=details.submission_count > 0,
    )


def _moved(dispute: stripe.Dispute, amount: Money, *, out: bool) -> Money:
    """What the dispute's lines on our statement took (`out`), fees included, or gave back."""
    nets = [line.net for line in dispute.balance_transactions if line.currency.upper() == amount.currency]
    return from_stripe(sum(abs(net) for net in nets if (net < 0) == out), dispute.currency)
