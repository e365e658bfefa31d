"""A payment from the demand to its end. What happens at the provider happens between transactions, never inside one."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import audit, clock, crashes, locks, rows
from core.actors import PROVIDER, SYSTEM, Actor
from core.compiled import compiled
from core.errors import Busy, Invalid, Kind, NotHere, Refusal
from core.jobs import defer
from core.money import Money
from core.whole import whole
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.operations import credit, debit
from escrow.payments import ways
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.matching import differences, metadata_of
from escrow.payments.models import Payment
from escrow.payments.payer import UNKNOWN, Payer
from escrow.payments.refunds.operations import refund
from escrow.payments.signals import payment_expired, payment_failed_try, payment_succeeded
from escrow.payments.states import PAYMENT, PaymentState
from escrow.providers import registry
from escrow.providers.base import PaymentRequest, ProviderPayment, ProviderRejected, ProviderUnavailable

__all__ = ["PaymentUnavailable", "cancel", "expire", "refresh", "refund", "request", "start"]


class PaymentUnavailable(Refusal):
    code = "payment_unavailable"
    kind = Kind.BUSY
    sentence = _("The payment service does not answer right now. Nothing was charged; please try again in a minute.")
    retry_after_seconds = 30


class PaymentRefused(Refusal):
    code = "payment_refused"
    kind = Kind.CONFLICT
    sentence = _("The payment service does not accept this payment. Nothing was charged; your basket is still here.")


def request(
    *,
    trade: str,
    buyer: str,
    amount: Money,
    snapshot_hash: str,
    return_url: str,
    expires_at: datetime,
    description: str,
    at: datetime,
    actor: Actor,
    payer: Payer = UNKNOWN,
    starts_now: bool = False,
) -> Payment:
    """Demand money, in the checkout's own transaction. The door starts it after commit; a job does if nobody did.

    `starts_now`: the door will ask the provider right after this commit, which therefore keeps that it was going to.
    """
    if amount.amount_minor <= 0:
        raise Invalid(None, _("There is nothing to pay."))
    if payer.method:
        ways.require(code=payer.method, amount=amount, country=payer.country)
    payment = Payment(
        trade=trade,
        buyer=buyer,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        provider=registry.get().code,
        description=description[:300],
        snapshot_hash=snapshot_hash,
        return_url=return_url,
        payer_country=payer.country,
        payer_email=payer.email[:254],
        payer_language=payer.language[:12],
        asked_method=payer.method,
        created_at=at,
        start_asked_at=at if starts_now else None,
        expires_at=expires_at,
    )
    rows.insert_all(payment, audit.event(kind="payment", reference=payment.reference, name="requested", actor=actor, at=at, after=str(amount)))
    defer("escrow.payments.jobs.start_payment", payment_reference=payment.reference)
    return payment


def start(*, payment_reference: str) -> str:
    """Open the session at the provider and answer with the address of its page. Asked again, it is the same page.

    That we are going to is committed first: whoever ends the payment meanwhile asks for the same session, to close it.
    """
    payment = _found(payment_reference)
    if payment.start_asked_at is None:
        payment = _about_to_start(payment)
    if payment.state == PaymentState.STARTED:
        return payment.hosted_url
    PAYMENT.target(payment.state, "start")
    crashes.point("payment.start_intended")
    session = _open_session(payment)
    crashes.point("payment.session_opened")
    with transaction.atomic():
        payment = _locked(payment)
        if not payment.provider_ref:
            payment.provider_ref, payment.hosted_url = session.ref, session.hosted_url
        if payment.state == PaymentState.CREATED:
            payment.state = PAYMENT.target(payment.state, "start")
        elif not payment.is_open:  # it ended while we were asking: nobody shall pay it
            defer("escrow.payments.jobs.close_session", payment_reference=payment_reference)
        rows.update(payment, provider_ref=payment.provider_ref, hosted_url=payment.hosted_url, state=payment.state)
        crashes.point("payment.session_noted")
    return payment.hosted_url


@transaction.atomic
def _about_to_start(payment: Payment) -> Payment:
    payment = _locked(payment)
    if payment.state != PaymentState.STARTED:
        PAYMENT.target(payment.state, "start")
        rows.update(payment, start_asked_at=payment.start_asked_at or clock.now())
    return payment


def _open_session(payment: Payment) -> ProviderPayment:
    try:
        return registry.get(payment.provider).create_payment(
            PaymentRequest(
                key=f"payment:{payment.reference}",
                amount=Money(payment.amount_minor, payment.currency),
                description=payment.description,
                return_url=payment.return_url,
                expires_at=payment.expires_at,
                metadata=metadata_of(payment),
                country=payment.payer_country,
                email=payment.payer_email,
                language=payment.payer_language,
                methods=(payment.asked_method,) if payment.asked_method else (),
                asked_at=payment.start_asked_at,
            )
        )
    except ProviderUnavailable as silent:
        raise PaymentUnavailable from silent
    except ProviderRejected as refused:
        raise PaymentRefused from refused


def refresh(*, payment_reference: str) -> Payment:
    """Read the payment at the provider and move toward what it is. Webhooks, the return page and the healer all call this."""
    payment = _found(payment_reference)
    if not payment.provider_ref:
        return payment
    try:
        seen = registry.get(payment.provider).retrieve_payment(payment.provider_ref)
    except ProviderUnavailable as silent:
        raise PaymentUnavailable from silent
    crashes.point("payment.read")
    return _move_toward(payment, seen)


def cancel(*, payment_reference: str, actor: Actor, at: datetime) -> Payment:
    """The buyer or we no longer want it. If the money was faster, the payment succeeds instead: look at its state."""
    return _end(payment_reference, "cancel", actor=actor)


def expire(*, payment_reference: str, at: datetime, actor: Actor = SYSTEM) -> Payment:
    """Its time is over. Nothing is released before the provider has closed its session."""
    return _end(payment_reference, "expire", actor=actor)


def close_session(*, payment_reference: str) -> Payment:
    """Close the page of a payment that ended while its session was being opened; take and return the money if it was used."""
    payment = _found(payment_reference)
    if not payment.provider_ref:
        return payment
    return _move_toward(payment, _close_at_provider(payment))


def _end(payment_reference: str, move: str, *, actor: Actor) -> Payment:
    payment = _found(payment_reference)
    if not payment.is_open:
        return payment
    if payment.start_asked_at and not payment.provider_ref:  # its answer was lost: ask again, to learn what must be closed
        start(payment_reference=payment_reference)
        payment.refresh_from_db()
    if payment.provider_ref:
        seen = _close_at_provider(payment)
        crashes.point("payment.session_closed")
        if seen.status != "closed":
            return _move_toward(payment, seen)
    at = clock.now()
    with transaction.atomic():
        known_ref = payment.provider_ref
        payment = _locked(payment)
        if payment.is_open:
            if payment.provider_ref != known_ref or (payment.start_asked_at and not known_ref):
                raise Busy  # somebody is opening the session at this moment
            _finish(payment, move, at=at, actor=actor)
    return payment


def _close_at_provider(payment: Payment) -> ProviderPayment:
    try:
        return registry.get(payment.provider).close_payment(payment.provider_ref)
    except ProviderUnavailable as silent:
        raise PaymentUnavailable from silent


def _finish(payment: Payment, move: str, *, at: datetime, actor: Actor) -> None:
    payment.state = PAYMENT.target(payment.state, move)
    payment.ended_at, payment.payer_email = at, ""
    payment.save(update_fields=["state", "ended_at", "payer_email"])
    audit.record(kind="payment", reference=payment.reference, name=payment.state, actor=actor, at=at)
    crashes.point("payment.ended")
    payment_expired.send(sender=Payment, payment=payment, at=at)


def _move_toward(payment: Payment, seen: ProviderPayment) -> Payment:
    at = clock.now()
    with whole():
        payment = _locked(payment)
        if seen.status == "paid" and not payment.has_money:
            _take_money(payment, seen, at)
        elif seen.status == "closed" and payment.is_open:
            _finish(payment, "expire", at=at, actor=PROVIDER)
        elif seen.status == "failed" and payment.is_open:
            _finish(payment, "fail", at=at, actor=PROVIDER)
        elif seen.tries_failed > payment.tries_failed and payment.is_open:
            payment.tries_failed = seen.tries_failed
            payment.save(update_fields=["tries_failed"])
            payment_failed_try.send(sender=Payment, payment=payment, at=at)
    return payment


def _take_money(payment: Payment, seen: ProviderPayment, at: datetime) -> None:
    """It is paid at the provider. It is paid here only if it is this payment, to the cent."""
    livemode = registry.get(payment.provider).livemode
    if wrong := differences(payment, seen, livemode=livemode):
        exceptions.report(provider=payment.provider, kind="payment_mismatch", object_ref=seen.ref, payment=payment, at=at, wrong=wrong)
    elif payment.is_open:
        before, target = payment.state, PAYMENT.target(payment.state, "succeed")
        trail = audit.event(kind="payment", reference=payment.reference, name="succeeded", actor=PROVIDER, at=at)
        news = {"succeeded_at": seen.paid_at or at, "ended_at": at, "method": seen.method, "payer_email": ""}
        moved = rows.move(payment, trail, where={"state": before}, state=target, **news)
        assert moved, "the payment was not locked"
        crashes.point("payment.succeeded")
        payment_succeeded.send(sender=Payment, payment=payment, at=at)
    else:
        _take_late_money(payment, seen, at)


def _take_late_money(payment: Payment, seen: ProviderPayment, at: datetime) -> None:
    """The trade is over: the money is booked, belongs to the buyer, and goes back by itself."""
    payment.late, payment.method = True, seen.method
    payment.save(update_fields=["late", "method"])
    ledger.post(
        key=f"late:{payment.reference}",
        event="late_money",
        lines=[
            debit(accounts.psp_clearing(payment.provider, payment.currency), payment.amount_minor),
            credit(accounts.refund_pending(payment.currency), payment.amount_minor),
        ],
        trade=payment.trade,
        actor=PROVIDER,
        at=at,
    )
    audit.record(kind="payment", reference=payment.reference, name="paid_late", actor=PROVIDER, at=at)
    refund(
        payment=payment,
        hold_ref="",
        amount=Money(payment.amount_minor, payment.currency),
        key=f"late:{payment.reference}",
        reason="late_money",
        at=at,
        actor=SYSTEM,
    )


def _found(reference: str) -> Payment:
    found = _by_reference(reference)
    if not found:
        raise NotHere
    return found[0]


def _locked(payment: Payment) -> Payment:
    """The trade first, then the payment, as it is now."""
    locks.trade(payment.trade)
    with locks.refusing_to_wait():
        return _locked_row(payment.reference)[0]


@compiled
def _by_reference(reference: str) -> QuerySet[Payment]:
    return Payment.objects.filter(reference=reference).order_by()


@compiled
def _locked_row(reference: str) -> QuerySet[Payment]:
    return Payment.objects.filter(reference=reference).order_by().select_for_update(of=("self",))
