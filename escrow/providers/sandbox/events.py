"""The sandbox's webhooks: written with the change they tell of, then signed and delivered to our own door."""

import json
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.urls import resolve

from core import clock, crashes, references, rows
from core.jobs import defer
from escrow.providers.sandbox import switches
from escrow.providers.sandbox.models import SandboxEvent
from escrow.providers.signatures import sign

PATH = "/webhooks/sandbox/"
HEADER = "HTTP_SANDBOX_SIGNATURE"
GIVES_UP_AFTER = 12


def emit(*, name: str, object_kind: str, object_ref: str, at: datetime, manner: str = "") -> SandboxEvent:
    """Write the webhook of a change, in the change's transaction. `manner` (duplicate, delay, drop) overrides chance."""
    ref = f"evt_{references.new()}"
    payload = {
        "id": ref,
        "type": name,
        "created": int(at.timestamp()),
        "livemode": False,
        "data": {"object": object_kind, "id": object_ref},
    }
    late = _happens("delay", manner)
    overtaken = not manner and not late and switches.strikes("reorder")
    event = SandboxEvent(
        ref=ref,
        payload=json.dumps(payload),
        created_at=at,
        deliver_at=at + timedelta(seconds=switches.current().delay_seconds) if late or overtaken else at,
        times=2 if _happens("duplicate", manner) else 1,
        lost=_happens("drop", manner),
        overtaken=overtaken,
    )
    rows.insert(event)
    if not event.lost:
        defer("escrow.providers.sandbox.jobs.deliver_webhook", at=event.deliver_at if late or overtaken else None, ref=ref)
    return event


def _happens(name: str, manner: str) -> bool:
    return manner == name if manner else switches.strikes(name)


def written(*, since: datetime, after: str, limit: int) -> list[str]:
    """What was to be said, oldest first, whether it was heard or not."""
    found = SandboxEvent.objects.filter(created_at__gte=since).order_by("id")
    if after:
        found = found.filter(id__gt=SandboxEvent.objects.get(ref=after).pk)
    return list(found.values_list("payload", flat=True)[:limit])


def due(at: datetime, limit: int = 200) -> list[str]:
    """Webhooks whose time has come, oldest first."""
    waiting = SandboxEvent.objects.filter(delivered_at=None, lost=False, deliver_at__lte=at, attempts__lt=GIVES_UP_AFTER)
    return list(waiting.order_by("deliver_at", "id").values_list("ref", flat=True)[:limit])


def deliver(ref: str) -> bool:
    """Send one webhook, and then those that it has overtaken; True when the door answered 2xx. A refused one comes again later."""
    event = SandboxEvent.objects.get(ref=ref)
    if event.delivered_at or event.lost:
        return True
    answers = [_knock(event.payload.encode()) for _ in range(event.times)]
    crashes.point("webhook.delivered")
    at = clock.now()
    with transaction.atomic():
        event = SandboxEvent.objects.select_for_update().get(pk=event.pk)
        event.attempts += 1
        event.delivered_at = at if all(200 <= status < 300 for status in answers) else None
        event.deliver_at = at + timedelta(seconds=5 * 2**event.attempts)
        event.overtaken = False
        event.save(update_fields=["attempts", "delivered_at", "deliver_at", "overtaken"])
    for older in _overtaken_by(event):
        deliver(older)
    return event.delivered_at is not None


def _overtaken_by(event: SandboxEvent) -> list[str]:
    older = SandboxEvent.objects.filter(overtaken=True, delivered_at=None, lost=False, id__lt=event.pk)
    return list(older.order_by("-id").values_list("ref", flat=True))


def _knock(payload: bytes) -> int:
    """POST to our own webhook address through the URL resolver, signed like any other."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": PATH,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(payload)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(payload),
            HEADER: sign(payload=payload, secret=secrets()[0], at=clock.now()),
        }
    )
    view = resolve(PATH)
    status: int = view.func(request, *view.args, **view.kwargs).status_code
    return status


def secrets() -> tuple[str, ...]:
    """The present secret, and during a change the one before it."""
    return tuple(secret for secret in settings.SANDBOX_WEBHOOK_SECRETS if secret)
