"""The buyer's side of the sandbox: payment sessions, what the hosted page does to them, and refunds."""

from datetime import datetime

from django.db import transaction

from core import clock, references
from core.money import Money
from escrow.providers.base import Metadata, PaymentRequest, ProviderPayment, ProviderRefund, ProviderRejected
from escrow.providers.sandbox import statement, switches
from escrow.providers.sandbox.events import emit
from escrow.providers.sandbox.models import SandboxPayment, SandboxRefund

Status = SandboxPayment.Status
PAGE = "/pay/sandbox/"  # the bank's own site; in this house the storefront plays it


def create(request: PaymentRequest) -> ProviderPayment:
    with transaction.atomic(durable=True):
        row, made = SandboxPayment.objects.get_or_create(
            key=request.key,
            defaults={
                "ref": f"pay_{references.new()}",
                "amount_minor": request.amount.amount_minor,
                "currency": request.amount.currency,
                "description": request.description[:300],
                "return_url": request.return_url,
                "metadata": dict(request.metadata),
                "expires_at": request.expires_at,
            },
        )
        if not made and (row.amount_minor, row.currency) != (request.amount.amount_minor, request.amount.currency):
            raise ProviderRejected("key_reused", "this key was used with another amount")
    return _payment(row)


def retrieve(ref: str) -> ProviderPayment:
    row = SandboxPayment.objects.filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_payment", ref)
    return _payment(row)


def close(ref: str) -> ProviderPayment:
    at = clock.now()
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status == Status.OPEN:
            row.status = Status.CLOSED
            row.save(update_fields=["status"])
            emit(name="payment.closed", object_kind="payment", object_ref=ref, at=at)
    return _payment(row)


def pay(ref: str, *, method: str, at: datetime, decline: bool = False, manner: str = "") -> ProviderPayment:
    """The payer pressed the button of the hosted page. Pressing it twice pays once."""
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status != Status.OPEN:
            return _payment(row)
        if row.expires_at <= at:
            row.status = Status.CLOSED
            row.save(update_fields=["status"])
            emit(name="payment.closed", object_kind="payment", object_ref=ref, at=at, manner=manner)
        elif decline or switches.strikes("decline"):
            row.tries_failed += 1
            row.save(update_fields=["tries_failed"])
            emit(name="payment.declined", object_kind="payment", object_ref=ref, at=at, manner=manner)
        else:
            _take(row, method=method, at=at, manner=manner)
    return _payment(row)


def pay_after_the_end(ref: str, *, at: datetime) -> ProviderPayment:
    """Money that was already on its way reaches a closed session."""
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status == Status.CLOSED:
            _take(row, method="bank_transfer", at=at, manner="")
    return _payment(row)


def _take(row: SandboxPayment, *, method: str, at: datetime, manner: str) -> None:
    row.status, row.method, row.paid_at = Status.PAID, method, at
    row.save(update_fields=["status", "method", "paid_at"])
    amount = Money(row.amount_minor, row.currency)
    statement.write(kind="payment", source_ref=row.ref, gross=amount, fee_minor=statement.fee_on(amount), at=at, settles_later=True)
    emit(name="payment.paid", object_kind="payment", object_ref=row.ref, at=at, manner=manner)


def refund(*, key: str, payment_ref: str, amount: Money, metadata: Metadata) -> ProviderRefund:
    at = clock.now()
    with transaction.atomic(durable=True):
        payment = _locked(payment_ref)
        row = SandboxRefund.objects.filter(key=key).first()
        if row is None:
            row = _new_refund(payment, key=key, amount=amount, metadata=metadata, at=at)
        elif (row.payment_id, row.amount_minor) != (payment.pk, amount.amount_minor):
            raise ProviderRejected("key_reused", "this key was used with another refund")
    return _refund(row)


def _new_refund(payment: SandboxPayment, *, key: str, amount: Money, metadata: Metadata, at: datetime) -> SandboxRefund:
    if payment.status != Status.PAID or payment.currency != amount.currency:
        raise ProviderRejected("not_refundable", payment.ref)
    if not 0 < amount.amount_minor <= payment.amount_minor - payment.refunded_minor:
        raise ProviderRejected("more_than_paid", payment.ref)
    row = SandboxRefund.objects.create(
        ref=f"ref_{references.new()}",
        key=key,
        payment=payment,
        amount_minor=amount.amount_minor,
        status="pending",
        metadata=dict(metadata),
    )
    if switches.strikes("refund_failure"):
        row.status, row.failure = "failed", "account_closed"
    else:
        row.status = "succeeded"
        payment.refunded_minor += amount.amount_minor
        payment.save(update_fields=["refunded_minor"])
        statement.write(kind="refund", source_ref=row.ref, gross=-amount, at=at)
    row.save(update_fields=["status", "failure"])
    emit(name=f"refund.{row.status}", object_kind="refund", object_ref=row.ref, at=at)
    return row


def bounce_refund(ref: str, *, at: datetime) -> ProviderRefund:
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


def retrieve_refund(ref: str) -> ProviderRefund:
    row = SandboxRefund.objects.select_related("payment").filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_refund", ref)
    return _refund(row)


def _locked(ref: str) -> SandboxPayment:
    row = SandboxPayment.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_payment", ref)
    return row


def _payment(row: SandboxPayment) -> ProviderPayment:
    return ProviderPayment(
        ref=row.ref,
        status=row.status,  # type: ignore[arg-type]  # the TextChoices above are these words
        amount=Money(row.amount_minor, row.currency),
        livemode=False,
        metadata=dict(row.metadata),
        hosted_url=f"{PAGE}{row.ref}/",
        method=row.method,
        paid_at=row.paid_at,
        tries_failed=row.tries_failed,
    )


def _refund(row: SandboxRefund) -> ProviderRefund:
    return ProviderRefund(
        ref=row.ref,
        payment_ref=row.payment.ref,
        status=row.status,  # type: ignore[arg-type]
        amount=Money(row.amount_minor, row.payment.currency),
        failure=row.failure,
    )
