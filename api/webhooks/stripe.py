"""Stripe's webhooks, of our own account and of the connected ones."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.webhooks import inbox


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    return inbox.take(request, provider="stripe", signature=request.headers.get("Stripe-Signature", ""))
