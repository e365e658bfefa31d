"""My address book."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.addresses import access
from accounts.addresses import operations as addresses
from accounts.addresses.models import Address
from api import serializers
from api.views import SoukViewSet
from core import clock


class AddressSerializer(serializers.Serializer[Any]):
    """An address. Which fields a country wants is answered by name when one is missing."""

    reference = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=120)
    street = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text="Up to several lines.")
    district = serializers.CharField(required=False, allow_blank=True, max_length=100)
    city = serializers.CharField(required=False, allow_blank=True, max_length=100)
    region = serializers.CharField(required=False, allow_blank=True, max_length=100, help_text="State or province, by name or code.")
    postcode = serializers.CharField(required=False, allow_blank=True, max_length=20)
    country = serializers.CharField(max_length=2, help_text="Two-letter code.")
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    is_default = serializers.BooleanField(required=False)


class AddressView(SoukViewSet):
    """Addresses of the signed-in person."""

    access = "person"
    scope = "account"
    permission = "The owner of the address book. Another person's address is not found."
    idempotent = ("create",)
    serializer_class = AddressSerializer
    queryset = Address.objects.none()
    cursor_ordering = ("-is_default", "-id")

    def get_queryset(self) -> QuerySet[Address]:
        return access.of(self.request.user) if self.request.user.is_authenticated else Address.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """My addresses, the default first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(AddressSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One of my addresses."""
        return Response(AddressSerializer(access.get_for(request.user, reference=reference)).data)

    @extend_schema(responses={201: AddressSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add an address; the first one becomes the default."""
        given = self.read(AddressSerializer)
        is_default = given.pop("is_default", False)
        data = addresses.address_data(**given)

        def effect() -> dict[str, Any]:
            address = addresses.add(user=request.user, data=data, is_default=is_default, at=clock.now())
            return dict(AddressSerializer(address).data)

        return self.once(effect, status=201)

    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Change the fields that are given."""
        given = self.read(AddressSerializer, partial=True)
        is_default = given.pop("is_default", False)
        held = access.get_for(request.user, reference=reference)
        data = addresses.address_data(**{**asdict(held.data), **given})
        address = addresses.change(user=request.user, reference=reference, data=data, is_default=is_default)
        return Response(AddressSerializer(address).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Remove an address. Orders keep their copy."""
        addresses.remove(user=request.user, reference=reference)
        return Response(status=204)

    @extend_schema(request=None, responses=AddressSerializer)
    @action(detail=True, methods=["post"], url_path="default")
    def default(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Use this address first."""
        return Response(AddressSerializer(addresses.set_default(user=request.user, reference=reference)).data)
