"""The sandbox's webhooks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.webhooks import inbox


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    return inbox.take(request, provider="sandbox", signature=request.headers.get("Sandbox-Signature", ""))
