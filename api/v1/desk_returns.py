"""Returns at the desk: what buyer and seller could not settle after the money was paid out."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.queries import staff_actor_of
from api import serializers
from api.v1.returns import ReturnSerializer, shown
from api.views import SoukViewSet
from core import clock
from core.money import LARGEST_MINOR, Money
from marketplace.returns import access, operations, queries
from marketplace.returns.models import Return
from marketplace.returns.moves import LONGEST_WORDS


class DeskReturnsQuestion(serializers.Serializer[Any]):
    """Which of them."""

    which = serializers.ChoiceField(choices=["waiting", "all"], required=False, default="waiting")


class ReturnRulingSerializer(serializers.Serializer[Any]):
    """What the seller keeps, and why; the rest goes back to the buyer."""

    deduction_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR)
    words = serializers.CharField(max_length=LONGEST_WORDS, help_text="Both sides read it.")


class DeskReturnView(SoukViewSet):
    """Returns at the desk."""

    access = "staff"
    scope = "staff"
    staff_groups = ("admins", "arbitrators")
    permission = {
        "list": "Arbitrators and admins.",
        "retrieve": "Arbitrators and admins.",
        "ruling": "Arbitrators and admins who are not a party of the case.",
    }
    idempotent = ("ruling",)
    questions = {"list": DeskReturnsQuestion}
    serializer_class = ReturnSerializer
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Return]:
        return Return.objects.none()

    @extend_schema(responses=ReturnSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """Those that wait for our team, or all."""
        page = self.paginate_queryset(queries.for_desk(waiting=self.asked["which"] == "waiting"))
        return self.get_paginated_response([shown(found, "staff") for found in page or ()])

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One return."""
        return Response(shown(access.get_for_desk(user=request.user, reference=reference), "staff"))

    @extend_schema(request=ReturnRulingSerializer)
    @action(detail=True, methods=["post"])
    def ruling(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Decide how much the seller keeps."""
        found = access.get_to_decide(user=request.user, reference=reference)
        given = self.read(ReturnRulingSerializer)
        kept = Money(given["deduction_minor"], found.currency)

        def effect() -> dict[str, Any]:
            operations.rule(asked=found, deduction=kept, words=given["words"], at=clock.now(), actor=staff_actor_of(request.user))
            return shown(access.get_for_desk(user=request.user, reference=reference), "staff")

        return self.once(effect)
