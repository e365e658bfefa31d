"""The sandbox bank's button for machines: a story through the API alone can pay. Not there when real money is taken."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from core import clock
from core.errors import NotHere
from escrow.payments import sandbox_bank
from escrow.payments.sandbox_bank import BankPage


class SandboxPaymentSerializer(serializers.Serializer[Any]):
    """What the payer does, and what should go wrong.

    `pay`: the shop is told at once. `decline`: the bank says no. `duplicate`, `delay`, `drop`: the message to the shop comes twice, minutes
    later, never. `error_after_success`: the money is taken and the answer is a 503. `refund_delay`: paid, and refunds of it take minutes.
    `late`: sent by bank transfer, it arrives after the page has closed, and goes back. `challenge`: the payer's bank asks whether it is
    really them; answer with `confirm_identity` or `fail_identity`. `dispute`: paid by card, and minutes later the payer asks their bank for
    the money back; the bank decides with `dispute_won` (the shop keeps it) or `dispute_lost`.
    """

    method = serializers.ChoiceField(choices=sandbox_bank.METHODS, default="card")
    outcome = serializers.ChoiceField(choices=[*sandbox_bank.OUTCOMES, *sandbox_bank.ANSWERS], default="pay")


class SandboxPageSerializer(serializers.Serializer[Any]):
    """The payment as the bank sees it."""

    status = serializers.ChoiceField(choices=["open", "paid", "closed", "failed"])
    amount_minor = serializers.IntegerField(source="amount.amount_minor")
    currency = serializers.CharField(source="amount.currency")
    return_url = serializers.CharField()
    tries_failed = serializers.IntegerField()
    challenged = serializers.BooleanField(help_text="The payer's bank waits for `confirm_identity` or `fail_identity`.")
    dispute = serializers.CharField(help_text="How the payer's bank stands to a payment that the payer wants back; empty for all others.")


class SandboxBankView(SoukViewSet):
    """Whoever knows the address of a payment page may pay there."""

    access = "anyone"
    permission = "Anyone who knows the payment page. Exists only with the sandbox provider."
    serializer_class = SandboxPageSerializer
    lookup_value_regex = "pay_[0-9A-Z]{12}"

    @extend_schema(request=SandboxPaymentSerializer, responses=SandboxPageSerializer, operation_id="sandbox_bank_payment")
    @action(detail=True, methods=["post"], url_path="payment")
    def payment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Pay, be declined, or pay with something that goes wrong. Pressed twice, it pays once."""
        if not settings.SOUK.allow_sandbox:
            raise NotHere
        given = self.read(SandboxPaymentSerializer)
        page = sandbox_bank.press(reference, at=clock.now(), **given)
        return Response(shown(page))


def shown(page: BankPage) -> dict[str, Any]:
    """As `SandboxPageSerializer` writes it."""
    return {
        "status": page.status,
        "amount_minor": page.amount.amount_minor,
        "currency": page.amount.currency,
        "return_url": page.return_url,
        "tries_failed": page.tries_failed,
        "challenged": page.challenged,
        "dispute": page.dispute,
    }
