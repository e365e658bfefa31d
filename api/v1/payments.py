"""My payments: where to pay, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from core import clock
from escrow.payments import access
from escrow.payments import operations as payments
from escrow.payments.models import Payment
from escrow.payments.states import PaymentState


class PaymentSerializer(serializers.Serializer[Any]):
    """One payment for one checkout. `hosted_url` is the page on which the buyer pays; empty until it was started."""

    reference = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=PaymentState.choices, read_only=True)
    amount_minor = serializers.IntegerField(read_only=True, help_text="In the smallest unit of the currency.")
    currency = serializers.CharField(read_only=True)
    method = serializers.CharField(read_only=True)
    hosted_url = serializers.CharField(read_only=True)
    late = serializers.BooleanField(read_only=True, help_text="The money came after the end and goes back by itself.")
    tries_failed = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    succeeded_at = serializers.DateTimeField(read_only=True, allow_null=True)


class PaymentView(SoukViewSet):
    """Payments of the signed-in person."""

    access = "person"
    scope = "buy"
    permission = "The person who pays. Another person's payment is not found."
    serializer_class = PaymentSerializer
    queryset = Payment.objects.none()

    def get_queryset(self) -> QuerySet[Payment]:
        return access.of(self._party()) if self.request.user.is_authenticated else Payment.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """My payments, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(PaymentSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One of my payments."""
        return Response(PaymentSerializer(access.get_for(self._party(), reference=reference)).data)

    @extend_schema(request=None, responses=PaymentSerializer, operation_id="payments_start")
    @action(detail=True, methods=["post"], url_path="start")
    def start(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Open the page on which to pay. Asked again, it is the same page."""
        payment = access.get_for(self._party(), reference=reference)
        payments.start(payment_reference=payment.reference)
        return self.retrieve(request, reference=reference)

    @extend_schema(request=None, responses=PaymentSerializer, operation_id="payments_refreshment")
    @action(detail=True, methods=["post"], url_path="refreshment")
    def refreshment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Ask the payment service what became of it, as the return page does."""
        payment = access.get_for(self._party(), reference=reference)
        return Response(PaymentSerializer(payments.refresh(payment_reference=payment.reference)).data)

    @extend_schema(request=None, responses=PaymentSerializer, operation_id="payments_cancellation")
    @action(detail=True, methods=["post"], url_path="cancellation")
    def cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give up before paying. If the money was faster, the answer says that it succeeded."""
        payment = access.get_for(self._party(), reference=reference)
        ended = payments.cancel(payment_reference=payment.reference, actor=self.actor, at=clock.now())
        return Response(PaymentSerializer(ended).data)

    def _party(self) -> str:
        return str(self.request.user.party.key)
