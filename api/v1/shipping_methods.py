"""Delivery methods of my shops."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.questions import ShopQuestion
from api.views import SoukViewSet
from core import clock
from core.money import LARGEST_MINOR
from marketplace.fulfilment.kinds.shipping import access, operations
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from marketplace.fulfilment.kinds.shipping.operations import MethodDraft
from vendors.members import access as members
from vendors.members import roles


class ShippingMethodSerializer(serializers.Serializer[Any]):
    """Where to, what it costs, how long it takes. Amounts are in minor units of the shop's currency."""

    reference = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    carrier = serializers.CharField(max_length=20, default="sandbox")
    zones = serializers.ListField(child=serializers.CharField(max_length=2), max_length=260, help_text="Country codes, or * for everywhere.")
    base_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR)
    each_more_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR, default=0)
    free_from_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR, allow_null=True, default=None)
    days_min = serializers.IntegerField(min_value=0, max_value=90, default=1)
    days_max = serializers.IntegerField(min_value=0, max_value=90, default=3)


class NewShippingMethodSerializer(ShippingMethodSerializer):
    """A new method of one of your shops."""

    vendor = serializers.CharField(max_length=60, help_text="The shop's slug.", write_only=True)


class ShippingMethodView(SoukViewSet):
    """What a shop's buyers choose from at the checkout."""

    access = "person"
    scope = "sell"
    permission = {
        **dict.fromkeys(("list", "retrieve"), "Members of the shop with fulfil_orders."),
        **dict.fromkeys(("create", "partial_update", "destroy"), "Members of the shop with edit_profile."),
    }
    idempotent = ("create",)
    questions = {"list": ShopQuestion}
    serializer_class = ShippingMethodSerializer
    queryset = ShippingMethod.objects.none()
    cursor_ordering = ("position", "id")

    def get_queryset(self) -> QuerySet[ShippingMethod]:
        return ShippingMethod.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's delivery methods."""
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=self.asked["vendor"], permission=roles.FULFIL_ORDERS)
        page = self.paginate_queryset(ShippingMethod.objects.open().filter(vendor=vendor))
        return self.get_paginated_response(ShippingMethodSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One delivery method."""
        found = access.get_method(user=request.user, reference=reference, permission=roles.FULFIL_ORDERS)
        return Response(ShippingMethodSerializer(found).data)

    @extend_schema(request=NewShippingMethodSerializer, responses={201: ShippingMethodSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add a delivery method."""
        given = self.read(NewShippingMethodSerializer)
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=given.pop("vendor"), permission=roles.EDIT_PROFILE)

        def effect() -> dict[str, Any]:
            method = operations.add_method(vendor=vendor, draft=MethodDraft(**given), actor=self.actor, at=clock.now())
            return dict(ShippingMethodSerializer(method).data)

        return self.once(effect, status=201)

    @extend_schema(request=ShippingMethodSerializer, responses=ShippingMethodSerializer)
    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Change what is given. Orders keep the terms they were placed with."""
        method = access.get_method(user=request.user, reference=reference)
        kept = {name: getattr(method, name) for name in MethodDraft.__slots__}
        draft = MethodDraft(**{**kept, **self.read(ShippingMethodSerializer, partial=True)})
        return Response(ShippingMethodSerializer(operations.change_method(method=method, draft=draft, actor=self.actor, at=clock.now())).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Remove a delivery method. Running orders keep it."""
        operations.remove_method(method=access.get_method(user=request.user, reference=reference), actor=self.actor, at=clock.now())
        return Response(status=204)
