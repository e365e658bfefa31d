"""What our team gives back after a seller was paid: what waits for a second person, giving, approving, refusing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.queries import staff_actor_of
from api import serializers
from api.views import SoukViewSet
from core import clock
from core.errors import Invalid
from core.money import LARGEST_MINOR, Money
from escrow.late_refunds import access, queries, staff
from escrow.late_refunds.models import LateRefund
from escrow.late_refunds.operations import LONGEST_REASON
from escrow.late_refunds.states import Grant


class LateRefundSerializer(serializers.Serializer[Any]):
    """An amount of what a seller was paid that our team gives back."""

    hold = serializers.CharField(source="hold.reference")
    state = serializers.ChoiceField(choices=Grant.choices)
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField(source="hold.currency")
    reason = serializers.CharField()
    needs_approval = serializers.BooleanField(help_text="Above the limit: somebody else gives it.")
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(help_text="Why it is not given.")


class LateRefundLineSerializer(serializers.Serializer[Any]):
    """So much of one line."""

    line = serializers.CharField(max_length=40)
    amount_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)


class LateRefundRequestSerializer(serializers.Serializer[Any]):
    """One amount of everything in proportion, or an amount for each line."""

    amount_minor = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_MINOR)
    parts = LateRefundLineSerializer(many=True, required=False)
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Both sides read it.")


class RefusalWordsSerializer(serializers.Serializer[Any]):
    """Why it is not given."""

    words = serializers.CharField(max_length=LONGEST_REASON)


class DeskLateRefundView(SoukViewSet):
    """Refunds after release at the desk; each is named by its hold."""

    access = "staff"
    scope = "staff"
    staff_groups = ("admins", "arbitrators")
    permission = {
        "list": "Arbitrators and admins.",
        **dict.fromkeys(("gift", "approval", "refusal"), "Arbitrators and admins who are not a party of the case."),
    }
    idempotent = ("gift", "approval", "refusal")
    serializer_class = LateRefundSerializer
    queryset = LateRefund.objects.none()
    cursor_ordering = "id"

    def get_queryset(self) -> QuerySet[LateRefund]:
        return LateRefund.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """What waits for a second person."""
        page = self.paginate_queryset(queries.waiting())
        return self.get_paginated_response(LateRefundSerializer(page, many=True).data)

    @extend_schema(request=LateRefundRequestSerializer, responses=LateRefundSerializer)
    @action(detail=True, methods=["post"])
    def gift(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give back some of what the seller was paid: at once, or above the limit when a second person agrees."""

        def work(**said: Any) -> LateRefund:
            parts = {one["line"]: one["amount_minor"] for one in said.get("parts") or ()}
            if bool(parts) == ("amount_minor" in said) or len(parts) != len(said.get("parts") or ()):
                raise Invalid("amount_minor", _("Write one amount, or an amount for each line."))
            amount = None if parts else Money(said["amount_minor"], said["hold"].currency)
            return staff.ask(
                hold=said["hold"], amount=amount, parts=parts or None, reason=said["reason"], at=clock.now(), actor=staff_actor_of(request.user)
            )

        return self._do(reference, work, LateRefundRequestSerializer)

    @extend_schema(request=None, responses=LateRefundSerializer)
    @action(detail=True, methods=["post"])
    def approval(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """A second person gives it."""
        return self._do(reference, lambda hold: staff.approve(hold=hold, at=clock.now(), actor=staff_actor_of(request.user)))

    @extend_schema(request=RefusalWordsSerializer, responses=LateRefundSerializer)
    @action(detail=True, methods=["post"])
    def refusal(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It is not given."""

        def work(*, hold: Any, words: str) -> LateRefund:
            return staff.refuse(hold=hold, words=words, at=clock.now(), actor=staff_actor_of(request.user))

        return self._do(reference, work, RefusalWordsSerializer)

    def _do(self, reference: str, work: Callable[..., LateRefund], body: type[Any] | None = None) -> Response:
        hold = access.to_give(self.request.user, reference)
        given = self.read(body) if body else {}
        return self.once(lambda: dict(LateRefundSerializer(work(hold=hold, **given)).data))
