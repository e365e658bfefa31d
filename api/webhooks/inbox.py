"""What every provider's door does: signature on the raw body, one call, an answer at once."""

from django.http import HttpRequest, HttpResponse

from core import clock
from escrow.payments.webhooks import operations as webhooks
from escrow.payments.webhooks.operations import WebhookRefused

LARGEST = 256 * 1024


def take(request: HttpRequest, *, provider: str, signature: str) -> HttpResponse:
    """200 when the message is kept (also when it was kept before), 400 when it is not genuine, 413 when it is too large."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        webhooks.receive_event(provider=provider, payload=request.body, signature=signature, at=clock.now())
    except WebhookRefused as refused:
        return HttpResponse(refused.message, status=refused.kind, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=200)
