"""Banks that take payments back: for the shop, and for the desk that answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users.queries import staff_actor_of
from api import serializers
from api.views import SoukViewSet
from core import clock
from escrow.chargebacks import access, evidence, queries
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import Chargeback
from escrow.chargebacks.states import Bearer
from vendors.members import access as shops
from vendors.members import roles

SHOP = OpenApiParameter("vendor_slug", str, OpenApiParameter.PATH, description="The shop's slug.")


class ChargebackSerializer(serializers.Serializer[Any]):
    """One case with a buyer's bank."""

    reference = serializers.CharField()
    state = serializers.CharField(help_text="inquiry, open, evidence, won, lost or closed.")
    reason = serializers.CharField(help_text="The bank's word.")
    amount_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField(help_text="What the provider took for it.")
    currency = serializers.CharField()
    opened_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    bearer = serializers.CharField(help_text="Who pays if it is lost: seller or platform.")
    next_action = serializers.SerializerMethodField()
    what_happens_if_silent = serializers.SerializerMethodField()

    def get_next_action(self, case: Chargeback) -> str:
        return queries.next_step(case).next_action

    def get_what_happens_if_silent(self, case: Chargeback) -> str:
        return str(queries.next_step(case).what_happens_if_silent)


class EvidenceSerializer(serializers.Serializer[Any]):
    """Words for the bank. Files are added on the pages."""

    name = serializers.CharField(max_length=40, help_text="Which of the bank's questions: summary, shipping_tracking_number, …")
    words = serializers.CharField(max_length=evidence.LONGEST_WORDS)


class BearerSerializer(serializers.Serializer[Any]):
    """Who pays if it is lost, and why."""

    bearer = serializers.ChoiceField(choices=Bearer.values)
    reason = serializers.CharField(max_length=chargebacks.LONGEST_REASON)


class ShopChargebackView(SoukViewSet):
    """Cases over one shop's orders."""

    access = "person"
    scope = "sell"
    permission = {
        "list": "Members with view_orders.",
        "retrieve": "Members with view_orders.",
        "evidence": "Members with refund_orders.",
    }
    idempotent = ("evidence",)
    serializer_class = ChargebackSerializer
    queryset = Chargeback.objects.none()

    def get_queryset(self) -> QuerySet[Chargeback]:
        if not self.request.user.is_authenticated:
            return Chargeback.objects.none()
        vendor = shops.get_for(self.request.user, slug=self.kwargs["vendor_slug"], permission=roles.VIEW_ORDERS)
        return queries.of_seller(vendor.party.key)

    @extend_schema(parameters=[SHOP], responses=ChargebackSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """Cases, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ChargebackSerializer(page, many=True).data)

    @extend_schema(parameters=[SHOP], responses=ChargebackSerializer)
    def retrieve(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """One case."""
        _shop, case = access.for_shop(request.user, slug=vendor_slug, reference=reference, permission=roles.VIEW_ORDERS)
        return Response(ChargebackSerializer(case).data)

    @extend_schema(parameters=[SHOP], request=EvidenceSerializer, responses={201: EvidenceSerializer})
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """Add words for the bank."""
        _shop, case = access.for_shop(request.user, slug=vendor_slug, reference=reference, permission=roles.REFUND_ORDERS)
        given = self.read(EvidenceSerializer)

        def effect() -> dict[str, Any]:
            return dict(EvidenceSerializer(evidence.add(case=case, actor=self.actor, at=clock.now(), **given)).data)

        return self.once(effect, status=201)


class DeskChargebackView(SoukViewSet):
    """Cases at the desk."""

    access = "staff"
    scope = "staff"
    staff_groups = ("admins", "arbitrators", "finance")
    permission = {
        "list": "Arbitrators, finance and admins.",
        "retrieve": "Arbitrators, finance and admins.",
        "evidence": "Arbitrators, finance and admins who are not a party of the case.",
        "submission": "Arbitrators, finance and admins who are not a party of the case.",
        "bearer": "Arbitrators, finance and admins who are not a party of the case.",
    }
    idempotent = ("evidence",)
    serializer_class = ChargebackSerializer
    queryset = Chargeback.objects.none()

    def get_queryset(self) -> QuerySet[Chargeback]:
        return Chargeback.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """All cases, newest first."""
        page = self.paginate_queryset(queries.all_cases())
        return self.get_paginated_response(ChargebackSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One case."""
        return Response(ChargebackSerializer(access.for_desk(request.user, reference)).data)

    @extend_schema(request=EvidenceSerializer, responses={201: EvidenceSerializer})
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Add words for the bank."""
        case, given = access.to_answer(request.user, reference), self.read(EvidenceSerializer)

        def effect() -> dict[str, Any]:
            return dict(EvidenceSerializer(evidence.add(case=case, actor=staff_actor_of(request.user), at=clock.now(), **given)).data)

        return self.once(effect, status=201)

    @extend_schema(request=None, responses=ChargebackSerializer)
    @action(detail=True, methods=["post"])
    def submission(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Send the evidence to the bank. That can be done once."""
        case = access.to_answer(request.user, reference)
        return Response(ChargebackSerializer(evidence.submit(case=case, actor=staff_actor_of(request.user), at=clock.now())).data)

    @extend_schema(request=BearerSerializer, responses=ChargebackSerializer)
    @action(detail=True, methods=["post"])
    def bearer(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Say who pays if it is lost; after it was lost the platform can take it over."""
        case, given = access.to_answer(request.user, reference), self.read(BearerSerializer)
        return Response(ChargebackSerializer(chargebacks.make_bear(case=case, actor=staff_actor_of(request.user), at=clock.now(), **given)).data)
