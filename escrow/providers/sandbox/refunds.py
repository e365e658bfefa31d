"""The sandbox's refunds: at once, or slowly as a real bank's, and sometimes not at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core import clock, references
from core.money import Money
from escrow.providers.base import Metadata, ProviderRefund, ProviderRejected
from escrow.providers.sandbox import charges, disputes, statement, switches
from escrow.providers.sandbox.events import emit
from escrow.providers.sandbox.models import SandboxPayment, SandboxRefund


def send(*, key: str, payment_ref: str, amount: Money, metadata: Metadata) -> ProviderRefund:
    at = clock.now()
    with transaction.atomic(durable=True):
        payment = charges.locked(payment_ref)
        row = SandboxRefund.objects.filter(key=key).first()
        if row is None:
            row = _new_refund(payment, key=key, amount=amount, metadata=metadata, at=at)
        elif (row.payment_id, row.amount_minor) != (payment.pk, amount.amount_minor):
            raise ProviderRejected("key_reused", "this key was used with another refund")
    return _refund(row)


def _new_refund(payment: SandboxPayment, *, key: str, amount: Money, metadata: Metadata, at: datetime) -> SandboxRefund:
    if payment.status != SandboxPayment.Status.PAID or payment.currency != amount.currency:
        raise ProviderRejected("not_refundable", payment.ref)
    if not 0 < amount.amount_minor <= payment.amount_minor - payment.refunded_minor:
        raise ProviderRejected("more_than_paid", payment.ref)
    if amount.amount_minor > disputes.left_of(payment):
        raise ProviderRejected("charge_disputed", payment.ref)
    slow = payment.slow_refunds or switches.strikes("refund_delay")
    row = SandboxRefund.objects.create(
        ref=f"ref_{references.new()}",
        key=key,
        payment=payment,
        amount_minor=amount.amount_minor,
        status="pending",
        settles_at=at + timedelta(seconds=switches.current().delay_seconds) if slow else at,
        metadata=dict(metadata),
    )
    payment.refunded_minor += amount.amount_minor
    payment.save(update_fields=["refunded_minor"])
    if not slow:
        _settle(row, at=at)
    return row


def settle_due(at: datetime) -> int:
    """Refunds that the other bank takes its time over: those that are due arrive, or fail. Returns how many."""
    refs = list(SandboxRefund.objects.filter(status="pending", settles_at__lte=at).order_by("id").values_list("ref", flat=True))
    for ref in refs:
        with transaction.atomic(durable=True):
            row = SandboxRefund.objects.select_for_update(of=["self"]).select_related("payment").get(ref=ref)
            if row.status == "pending":
                _settle(row, at=at)
    return len(refs)


def _settle(row: SandboxRefund, *, at: datetime) -> None:
    if switches.strikes("refund_failure"):
        row.status, row.failure = "failed", "account_closed"
        SandboxPayment.objects.filter(pk=row.payment_id).update(refunded_minor=F("refunded_minor") - row.amount_minor)
    else:
        row.status = "succeeded"
        statement.write(kind="refund", source_ref=row.ref, gross=-Money(row.amount_minor, row.payment.currency), at=at)
    row.save(update_fields=["status", "failure"])
    emit(name=f"refund.{row.status}", object_kind="refund", object_ref=row.ref, at=at)


def bounce(ref: str, *, at: datetime) -> ProviderRefund:
    """A refund that had succeeded comes back: the buyer's bank does not take it."""
    with transaction.atomic(durable=True):
        row = SandboxRefund.objects.select_for_update().select_related("payment").get(ref=ref)
        if row.status == "succeeded":
            row.status, row.failure = "failed", "returned_by_bank"
            row.save(update_fields=["status", "failure"])
            amount = Money(row.amount_minor, row.payment.currency)
            statement.write(kind="refund_failed", source_ref=row.ref, gross=amount, at=at)
            emit(name="refund.failed", object_kind="refund", object_ref=row.ref, at=at)
    return _refund(row)


def retrieve(ref: str) -> ProviderRefund:
    row = SandboxRefund.objects.select_related("payment").filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_refund", ref)
    return _refund(row)


def _refund(row: SandboxRefund) -> ProviderRefund:
    return ProviderRefund(
        ref=row.ref,
        payment_ref=row.payment.ref,
        status=row.status,  # type: ignore[arg-type]
        amount=Money(row.amount_minor, row.payment.currency),
        failure=row.failure,
    )
