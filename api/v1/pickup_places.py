"""Pickup places of my shops."""

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
from marketplace.fulfilment.kinds.pickup import access, operations
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from marketplace.fulfilment.kinds.pickup.operations import PlaceDraft
from vendors.members import access as members
from vendors.members import roles


class PickupPlaceSerializer(serializers.Serializer[Any]):
    """Where buyers come to. The street is shown to them once they have paid."""

    reference = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    street = serializers.CharField(max_length=120)
    postcode = serializers.CharField(max_length=20, allow_blank=True, default="")
    city = serializers.CharField(max_length=80)
    region = serializers.CharField(max_length=80, allow_blank=True, default="")
    country = serializers.CharField(min_length=2, max_length=2)
    hours = serializers.CharField(max_length=160, allow_blank=True, default="")
    directions = serializers.CharField(max_length=300, allow_blank=True, default="")


class NewPickupPlaceSerializer(PickupPlaceSerializer):
    """A new place of one of your shops."""

    vendor = serializers.CharField(max_length=60, help_text="The shop's slug.", write_only=True)


class PickupPlaceView(SoukViewSet):
    """Where a shop hands things over in person."""

    access = "person"
    scope = "sell"
    permission = {
        **dict.fromkeys(("list", "retrieve"), "Members of the shop with fulfil_orders."),
        **dict.fromkeys(("create", "partial_update", "destroy"), "Members of the shop with edit_profile."),
    }
    idempotent = ("create",)
    questions = {"list": ShopQuestion}
    serializer_class = PickupPlaceSerializer
    queryset = PickupPlace.objects.none()
    cursor_ordering = ("id",)

    def get_queryset(self) -> QuerySet[PickupPlace]:
        return PickupPlace.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's pickup places."""
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=self.asked["vendor"], permission=roles.FULFIL_ORDERS)
        page = self.paginate_queryset(PickupPlace.objects.open().filter(vendor=vendor))
        return self.get_paginated_response(PickupPlaceSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One pickup place."""
        found = access.get_place(user=request.user, reference=reference, permission=roles.FULFIL_ORDERS)
        return Response(PickupPlaceSerializer(found).data)

    @extend_schema(request=NewPickupPlaceSerializer, responses={201: PickupPlaceSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add a pickup place."""
        given = self.read(NewPickupPlaceSerializer)
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=given.pop("vendor"), permission=roles.EDIT_PROFILE)

        def effect() -> dict[str, Any]:
            place = operations.add_place(vendor=vendor, draft=PlaceDraft(**given), actor=self.actor, at=clock.now())
            return dict(PickupPlaceSerializer(place).data)

        return self.once(effect, status=201)

    @extend_schema(request=PickupPlaceSerializer, responses=PickupPlaceSerializer)
    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Change what is given. Orders keep the place as it was."""
        place = access.get_place(user=request.user, reference=reference)
        kept = {name: getattr(place, name) for name in PlaceDraft.__slots__}
        draft = PlaceDraft(**{**kept, **self.read(PickupPlaceSerializer, partial=True)})
        return Response(PickupPlaceSerializer(operations.change_place(place=place, draft=draft, actor=self.actor, at=clock.now())).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Remove a pickup place. Running orders keep it."""
        operations.remove_place(place=access.get_place(user=request.user, reference=reference), actor=self.actor, at=clock.now())
        return Response(status=204)
