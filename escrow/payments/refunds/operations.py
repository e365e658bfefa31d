"""Asking for a refund, sending it, and believing only what the provider says about it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from core import audit, clock, crashes, locks
from core.actors import PROVIDER, Actor
from core.errors import Kind, NotHere, Refusal
from core.jobs import defer
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.operations import credit, debit
from escrow.payments import ways
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Payment, Refund
from escrow.payments.refunds import suspense
from escrow.payments.signals import refund_confirmed, refund_failed
from escrow.payments.states import REFUND, RefundState
from escrow.providers import registry
from escrow.providers.base import ProviderRefund, ProviderRejected


class MoreThanPaid(Refusal):
    code = "refund_more_than_paid"
    kind = Kind.CONFLICT
    sentence = _("This is more than what is left of the payment. At most {left} can be refunded.")


class NotPaid(Refusal):
    code = "payment_not_paid"
    kind = Kind.CONFLICT
    sentence = _("Nothing was paid, so nothing can be refunded.")


class RefundWindowOver(Refusal):
    code = "refund_window_over"
    kind = Kind.CONFLICT
    sentence = _(
        "{way} takes money back for {days} days after the payment, and they are over. "
        "Agree with the buyer on another way, a bank transfer for example, or ask our staff to arrange it."
    )


class RefundKeyReused(Refusal):
    code = "refund_key_reused"
    kind = Kind.CONFLICT
    sentence = _("This refund was already asked for, with another amount.")


def refund(*, payment: Payment, hold_ref: str, amount: Money, key: str, reason: str, at: datetime, actor: Actor) -> Refund:
    """Ask for cash back, in the transaction that books it into refund_pending. The same key asks once. A job sends it."""
    payment = locks.rows(Payment.objects.filter(pk=payment.pk))[0]
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        if (known.payment_id, known.amount_minor) != (payment.pk, amount.amount_minor):
            raise RefundKeyReused
        return known
    _allow(payment, amount, at)
    row = Refund.objects.create(
        key=key,
        payment=payment,
        hold=hold_ref,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        reason=reason[:200],
        asked_at=at,
    )
    audit.record(kind="refund", reference=row.reference, name="asked", actor=actor, at=at, reason=reason, after=str(amount))
    defer("escrow.payments.jobs.send_refund", refund_reference=row.reference)
    crashes.point("refund.written")
    return row


def _allow(payment: Payment, amount: Money, at: datetime) -> None:
    if not payment.has_money:
        raise NotPaid
    days = ways.refund_days_of(provider=payment.provider, method=payment.method)
    if days is not None and payment.succeeded_at is not None and at > payment.succeeded_at + timedelta(days=days):
        raise RefundWindowOver(way=ways.name_of(payment.method), days=days)
    asked = payment.refunds.aggregate(total=Sum("amount_minor", default=0))["total"]
    left = Money(max(payment.amount_minor - asked - payment.charged_back_minor, 0), payment.currency)
    if amount <= Money.zero(payment.currency) or amount > left:
        raise MoreThanPaid(left=str(left))


def withhold(*, payment: Payment, amount_minor: int) -> None:
    """The buyer's bank asks or took so much of a payment (negative: no more): it cannot be refunded as well. The caller has locked it."""
    Payment.objects.filter(pk=payment.pk).update(charged_back_minor=F("charged_back_minor") + amount_minor)


def send(*, refund_reference: str) -> Refund:
    """Tell the provider, outside any transaction. Asked again after a lost answer, it is the same refund."""
    row = _found(refund_reference)
    if row.state != RefundState.ASKED:
        return row
    try:
        seen = registry.get(row.payment.provider).refund(
            key=f"refund:{row.reference}",
            payment_ref=row.payment.provider_ref,
            amount=Money(row.amount_minor, row.currency),
            metadata={"refund": row.reference, "payment": row.payment.reference, "hold": row.hold},
            asked_at=row.asked_at,
        )
    except ProviderRejected as refused:
        return _apply(refund_reference, None, failure=refused.code)
    crashes.point("refund.sent")
    return _apply(refund_reference, seen)


def refresh(*, refund_reference: str) -> Refund:
    """Read the refund at the provider and move toward what it is."""
    row = _found(refund_reference)
    if not row.provider_ref:
        return send(refund_reference=refund_reference)
    return _apply(refund_reference, registry.get(row.payment.provider).retrieve_refund(row.provider_ref))


def _apply(reference: str, seen: ProviderRefund | None, failure: str = "") -> Refund:
    at = clock.now()
    trade = _found(reference).payment.trade
    if seen is not None:  # on its own and first: from here on the statement finds its refund, and we find what it could not explain
        Refund.objects.filter(reference=reference, provider_ref="").update(provider_ref=seen.ref)
    with transaction.atomic():
        locks.trade(trade)
        row = locks.rows(Refund.objects.select_related("payment").filter(reference=reference))[0]
        status = seen.status if seen else "failed"
        if status in ("pending", "requires_action") and row.state == RefundState.ASKED:
            _set(row, "send")
        elif status == "succeeded" and row.state in REFUND.sources_of("confirm"):
            _confirm(row, at)
        elif status == "failed" and row.state in REFUND.sources_of("fail"):
            _fail(row, at, failure or (seen.failure if seen else ""))
    return row


def _set(row: Refund, move: str, **values: object) -> None:
    row.state = REFUND.target(row.state, move)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *values])


def _confirm(row: Refund, at: datetime) -> None:
    _set(row, "confirm", confirmed_at=at)
    ledger.post(
        key=f"refund_confirmed:{row.reference}",
        event="refund_confirmed",
        lines=[
            debit(accounts.refund_pending(row.currency), row.amount_minor),
            credit(suspense.other_side(row, kind="refund", at=at), row.amount_minor),
        ],
        trade=row.payment.trade,
        actor=PROVIDER,
        at=at,
    )
    audit.record(kind="refund", reference=row.reference, name="confirmed", actor=PROVIDER, at=at)
    crashes.point("refund.confirmed")
    refund_confirmed.send(sender=Refund, refund=row, at=at)


def _fail(row: Refund, at: datetime, failure: str) -> None:
    """The money is still ours to give: it waits in buyer_owed, and a person finds another way."""
    provider = row.payment.provider
    was_gone = row.state == RefundState.CONFIRMED
    returned = suspense.other_side(row, kind="refund_failed", at=at) if was_gone else accounts.refund_pending(row.currency)
    _set(row, "fail", failed_at=at, failure=failure[:60])
    ledger.post(
        key=f"refund_failed:{row.reference}",
        event="refund_failed",
        lines=[debit(returned, row.amount_minor), credit(accounts.buyer_owed(row.currency), row.amount_minor)],
        trade=row.payment.trade,
        actor=PROVIDER,
        at=at,
    )
    exceptions.report(provider=provider, kind="refund_failed", object_ref=row.reference, payment=row.payment, at=at, failure=failure)
    audit.record(kind="refund", reference=row.reference, name="failed", actor=PROVIDER, at=at, reason=failure)
    refund_failed.send(sender=Refund, refund=row, at=at)


def _found(reference: str) -> Refund:
    row = Refund.objects.select_related("payment").filter(reference=reference).first()
    if row is None:
        raise NotHere
    return row
