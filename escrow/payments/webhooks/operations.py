"""Receiving a message, and acting on it later by reading the object that it names."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import clock, crashes
from core.errors import Kind, Refusal
from core.jobs import defer
from escrow.payments import operations as payments
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Payment, Refund, WebhookEvent
from escrow.payments.refunds import operations as refunds
from escrow.payments.signals import provider_event
from escrow.providers import registry
from escrow.providers.base import PaymentProvider, ProviderEvent, ProviderRejected, SignatureInvalid

GIVES_UP_AFTER = timedelta(days=3)
LONGEST_PAUSE = timedelta(hours=1)


class WebhookRefused(Refusal):
    code = "webhook_refused"
    kind = Kind.INVALID
    sentence = _("This message is not signed by the payment service, or is too old.")


def receive_event(*, provider: str, payload: bytes, signature: str, at: datetime) -> WebhookEvent:
    """Keep a genuine message, once, and let a job read it. Anything else leaves no trace."""
    try:
        event = registry.get(provider).parse_webhook(payload=payload, signature=signature, at=at)
    except SignatureInvalid as forged:
        raise WebhookRefused from forged
    row = _keep(provider, event, payload.decode(), at)
    crashes.point("webhook.committed")
    return row


def take_in(*, provider: str, event: ProviderEvent, at: datetime) -> WebhookEvent:
    """Keep a message that never came, from the provider's own list of them."""
    body = {
        "id": event.event_id,
        "type": event.name,
        "created": int(event.created_at.timestamp()),
        "livemode": event.livemode,
        "data": {"object": event.object_kind, "id": event.object_ref},
        "listed": True,  # nobody signed these words
    }
    return _keep(provider, event, json.dumps(body), at)


def _keep(provider: str, event: ProviderEvent, payload: str, at: datetime) -> WebhookEvent:
    with transaction.atomic():
        row, made = WebhookEvent.objects.get_or_create(
            provider=provider,
            event_id=event.event_id[:80],
            defaults={
                "name": event.name[:60],
                "object_kind": str(event.object_kind)[:20],
                "object_ref": event.object_ref[:80],
                "livemode": event.livemode,
                "payload": payload,
                "received_at": at,
                "try_at": at,
            },
        )
        if made:
            defer("escrow.payments.jobs.read_event", event_id=row.pk)
        crashes.point("webhook.written")
    return row


def read_event(*, event_id: int) -> WebhookEvent:
    """Read the object that a message names. Nobody knows it yet: try again later, and never drop it silently."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.state != WebhookEvent.State.WAITING:
        return event
    known = _touch(event)
    crashes.point("webhook.object_read")
    at = clock.now()
    with transaction.atomic():
        event = WebhookEvent.objects.select_for_update().get(pk=event_id)
        event.attempts += 1
        if known:
            event.state, event.done_at = WebhookEvent.State.DONE, at
        elif at - event.received_at > GIVES_UP_AFTER:
            event.state = WebhookEvent.State.SET_ASIDE
            exceptions.report(provider=event.provider, kind="webhook_unknown_object", object_ref=event.object_ref, at=at, event=event.event_id)
        else:
            event.try_at = at + min(timedelta(seconds=5 * 2 ** min(event.attempts, 12)), LONGEST_PAUSE)
        event.save(update_fields=["attempts", "state", "done_at", "try_at"])
    return event


def _touch(event: WebhookEvent) -> bool:
    """Whether somebody knew the object and read it again."""
    if event.object_kind == "other":
        return True
    provider = registry.get(event.provider)
    if event.livemode != provider.livemode:
        exceptions.report(provider=event.provider, kind="webhook_wrong_livemode", object_ref=event.object_ref, at=clock.now(), event=event.event_id)
        return True
    try:
        return _touch_own(event, provider) or _touch_others(event, provider)
    except ProviderRejected:  # the provider does not know it either (yet)
        return False


def _touch_own(event: WebhookEvent, provider: PaymentProvider) -> bool:
    if event.object_kind == "payment":
        payment = _payment(event.provider, event.object_ref)
        if payment is None:  # named otherwise: the provider knows its ref
            payment = _payment(event.provider, provider.retrieve_payment(event.object_ref).ref)
        if payment:
            payments.refresh(payment_reference=payment.reference)
        return payment is not None
    if event.object_kind == "refund":
        row = Refund.objects.filter(payment__provider=event.provider, provider_ref=event.object_ref).first()
        if row:
            refunds.refresh(refund_reference=row.reference)
        return row is not None
    return False


def _payment(provider: str, ref: str) -> Payment | None:
    return Payment.objects.filter(provider=provider, provider_ref=ref).first()


def _touch_others(event: WebhookEvent, provider: PaymentProvider) -> bool:
    readers: dict[str, Callable[[str], object]] = {
        "transfer": provider.retrieve_transfer,
        "payout": provider.retrieve_payout,
        "account": provider.retrieve_account,
        "dispute": provider.retrieve_dispute,
    }
    reader = readers.get(event.object_kind)
    if reader is None:
        return False
    answers = provider_event.send(
        sender=WebhookEvent,
        kind=event.object_kind,
        provider=event.provider,
        object=reader(event.object_ref),
        at=clock.now(),
    )
    return any(bool(answer) for _receiver, answer in answers)
