"""What happens to payments without a person: starting, sending, reading, healing."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db.models import F, Q

from core import clock
from core.errors import Refusal
from core.jobs import job
from escrow.payments import operations as payments
from escrow.payments.models import Payment, Refund, WebhookEvent
from escrow.payments.reconciling import operations as reconciling
from escrow.payments.reconciling.operations import Difference
from escrow.payments.refunds import operations as refunds
from escrow.payments.settlement import operations as settlement
from escrow.payments.states import PaymentState, RefundState
from escrow.payments.webhooks import operations as webhooks
from escrow.providers import registry
from escrow.providers.base import ProviderError

log = structlog.get_logger(__name__)
OPEN = (PaymentState.CREATED, PaymentState.STARTED)
HEALS_AFTER = timedelta(seconds=60)
BATCH = 500


@job(queue="money")
def start_payment(payment_reference: str) -> None:
    payment = Payment.objects.get(reference=payment_reference)
    if payment.state == PaymentState.CREATED:
        payments.start(payment_reference=payment_reference)


@job(queue="money")
def close_session(payment_reference: str) -> None:
    payments.close_session(payment_reference=payment_reference)


@job(queue="money")
def send_refund(refund_reference: str) -> None:
    refunds.send(refund_reference=refund_reference)


@job(queue="money")
def read_event(event_id: int) -> None:
    webhooks.read_event(event_id=event_id)


@job(queue="money")
def read_waiting_events() -> None:
    """Messages whose object was unknown, or whose job died."""
    due = WebhookEvent.objects.filter(state=WebhookEvent.State.WAITING, try_at__lte=clock.now() - timedelta(seconds=5))
    for pk in due.order_by("try_at").values_list("pk", flat=True)[:BATCH]:
        _try(webhooks.read_event, event_id=pk)


@job(queue="money")
def expire_due_payments() -> None:
    at = clock.now()
    due = Payment.objects.filter(state__in=OPEN, expires_at__lte=at).order_by("expires_at")
    for reference in due.values_list("reference", flat=True)[:BATCH]:
        _try(payments.expire, payment_reference=reference, at=at)


@job(queue="money")
def heal_payments() -> None:
    """Ask the provider about payments and refunds of which we have heard nothing for a minute: webhooks get lost."""
    at = clock.now()
    quiet = Payment.objects.filter(state__in=OPEN, start_asked_at__lte=at - HEALS_AFTER).order_by(F("polled_at").asc(nulls_first=True), "id")
    for payment in quiet[:BATCH]:
        Payment.objects.filter(pk=payment.pk).update(polled_at=at)
        _try(payments.refresh if payment.provider_ref else payments.start, payment_reference=payment.reference)
    under_way = Refund.objects.filter(Q(state__in=(RefundState.ASKED, RefundState.SENT)), asked_at__lte=at - HEALS_AFTER)
    for reference in under_way.order_by("asked_at").values_list("reference", flat=True)[:BATCH]:
        _try(refunds.refresh, refund_reference=reference)


@job(queue="money")
def settle_statements() -> None:
    for provider in registry.codes():
        settlement.read_statement(provider=provider)
    settlement.explain_waiting(at=clock.now())
    settlement.explain_disputes(at=clock.now())


@job(queue="money")
def reconcile() -> None:
    """Every five minutes, about all since the last time and two hours more: take in the messages and lines that never reached us; what
    differs goes before a person."""
    _reconcile(reconciling.heal_since_last)


@job(queue="money")
def reconcile_days() -> None:
    """The same once a day, about the last four days."""
    _reconcile(reconciling.heal)


def _reconcile(heal: Callable[..., list[Difference]]) -> None:
    for provider in registry.codes():
        try:
            found = heal(provider=provider, at=clock.now())
        except ProviderError as problem:
            log.warning("reconciliation_postponed", provider=provider, problem=str(problem))
        else:
            for one in found:
                log.warning("provider_differs", **one.as_json())


def _try(operation: object, **arguments: object) -> None:
    """One stubborn row must not stop the rest; the next minute tries it again."""
    try:
        operation(**arguments)  # type: ignore[operator]
    except (Refusal, ProviderError) as problem:
        log.warning("payment_job_postponed", problem=str(problem), **arguments)
