"""Shops: the public face, and the inside for those who work there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.addresses.operations import address_data
from api import serializers
from api.v1.addresses import AddressSerializer
from api.views import SoukViewSet
from core import clock
from vendors.holidays import operations as holidays
from vendors.members import access, queries, roles
from vendors.policies import operations as policies
from vendors.policies.models import HIGHEST_TAX_BP
from vendors.policies.queries import of as policy_of
from vendors.profiles import operations as profiles
from vendors.profiles import queries as profile_queries
from vendors.profiles.models import Vendor


class PolicySerializer(serializers.Serializer[Any]):
    """What the shop promises."""

    handling_days = serializers.IntegerField(min_value=1, max_value=10, help_text="Working days until the parcel leaves.")
    returns_days = serializers.IntegerField(min_value=0, max_value=30, help_text="0, 14 or 30 days for a change of mind.")
    returns_paid_by = serializers.CharField(max_length=6, help_text="buyer or seller")
    tax_bp = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=HIGHEST_TAX_BP, help_text="Tax that a business's prices contain, in basis points."
    )
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class VendorSerializer(serializers.Serializer[Any]):
    """What everybody may know about a shop."""

    reference = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="individual or business")
    about = serializers.CharField()
    country = serializers.CharField(source="country.code")
    currency = serializers.CharField()
    place = serializers.CharField()
    state = serializers.CharField(help_text="active or paused; from inside also draft or closed")
    opened_at = serializers.DateTimeField(allow_null=True)
    away_from = serializers.DateTimeField(allow_null=True, help_text="The holiday that is planned or running.")
    away_until = serializers.DateTimeField(allow_null=True)
    away_words = serializers.CharField()
    away_sells = serializers.BooleanField(help_text="During the holiday: true, it sells and ships once it is back; false, it is closed.")
    legal_name = serializers.CharField(help_text="Empty for private persons.")
    registration_number = serializers.CharField(help_text="Empty for private persons.")
    policy = serializers.SerializerMethodField()

    @extend_schema_field(PolicySerializer)
    def get_policy(self, vendor: Vendor) -> dict[str, Any]:
        return dict(PolicySerializer(policy_of(vendor)).data)


class StepSerializer(serializers.Serializer[Any]):
    """A line of the checklist."""

    code = serializers.CharField()
    done = serializers.BooleanField()
    required = serializers.BooleanField()
    sentence = serializers.CharField()


class OwnVendorSerializer(VendorSerializer):
    """The inside: also the checklist and what I may do here."""

    time_zone = serializers.CharField()
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    address = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_null=True)
    onboarding = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_onboarding(self, vendor: Vendor) -> list[dict[str, Any]]:
        return [dict(StepSerializer(step).data) for step in profile_queries.onboarding(vendor)]

    def get_permissions(self, vendor: Vendor) -> list[str]:
        return sorted(access.permissions_in(self.context["request"].user, vendor))


class VendorOpenSerializer(serializers.Serializer[Any]):
    """A new shop. Kind, country and currency stay for ever."""

    kind = serializers.CharField(max_length=10, help_text="individual or business")
    name = serializers.CharField(max_length=80)
    country = serializers.CharField(max_length=2)
    currency = serializers.CharField(max_length=3)


class VendorChangeSerializer(serializers.Serializer[Any]):
    """What may change; leave out what stays."""

    name = serializers.CharField(required=False, max_length=80)
    about = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    legal_name = serializers.CharField(required=False, allow_blank=True, max_length=160)
    registration_number = serializers.CharField(required=False, allow_blank=True, max_length=60)
    time_zone = serializers.CharField(required=False, max_length=50)
    latitude = serializers.DecimalField(required=False, allow_null=True, max_digits=8, decimal_places=5)
    longitude = serializers.DecimalField(required=False, allow_null=True, max_digits=8, decimal_places=5)
    address = AddressSerializer(required=False)


class PauseSerializer(serializers.Serializer[Any]):
    """Why the shop rests; for its own record."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class HolidaySerializer(serializers.Serializer[Any]):
    """When the shop is away; both days included, by its own clock."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    words = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    sells = serializers.BooleanField(
        required=False, default=False, help_text="Go on selling, four weeks at most: what is bought leaves once the shop is back. Else it closes."
    )


class VendorView(SoukViewSet):
    """Shops."""

    access = {
        "retrieve": "anyone",
        **dict.fromkeys(
            ["list", "create", "inside", "partial_update", "activation", "pause", "resumption", "holiday", "come_back", "policy", "promise"], "person"
        ),
    }
    scope = "sell"
    permission = {
        "retrieve": "Anyone, for open and paused shops.",
        "list": "Any person: the shops that they work in.",
        "create": "Any person; who opens a shop owns it.",
        "inside": "Members of the shop (view_shop).",
        "partial_update": "Members with edit_profile.",
        "activation": "Members with edit_profile.",
        "pause": "Members with edit_profile.",
        "resumption": "Members with edit_profile.",
        "holiday": "Members with edit_profile.",
        "come_back": "Members with edit_profile.",
        "policy": "Members of the shop (view_shop).",
        "promise": "Members with edit_profile.",
    }
    idempotent = ("create",)
    serializer_class = OwnVendorSerializer
    queryset = Vendor.objects.none()
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]{1,60}"
    cursor_ordering = "id"

    def get_queryset(self) -> QuerySet[Vendor]:
        return queries.shops_of(self.request.user) if self.request.user.is_authenticated else Vendor.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """The shops that I work in."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses=VendorSerializer)
    def retrieve(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """The public face of a shop."""
        return Response(VendorSerializer(profile_queries.public(slug)).data)

    @extend_schema(request=VendorOpenSerializer, responses={201: OwnVendorSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Begin a shop, in draft."""
        given = self.read(VendorOpenSerializer)

        def effect() -> dict[str, Any]:
            vendor = profiles.open(owner=request.user, actor=self.actor, at=clock.now(), **given)
            return dict(self.get_serializer(vendor).data)

        return self.once(effect, status=201)

    @extend_schema(request=VendorChangeSerializer, responses=OwnVendorSerializer)
    def partial_update(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Change the profile."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        given = self.read(VendorChangeSerializer)
        if "address" in given:
            words = {name: value for name, value in given["address"].items() if name != "is_default"}
            given["address"] = address_data(**words).as_json()
        changed = profiles.change(vendor=vendor, actor=self.actor, at=clock.now(), **given)
        return Response(self.get_serializer(changed).data)

    @extend_schema(responses=OwnVendorSerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def inside(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """The shop as its members see it, with the checklist."""
        return Response(self.get_serializer(access.get_for(request.user, slug=slug, permission=roles.VIEW_SHOP)).data)

    @extend_schema(request=None, responses=OwnVendorSerializer)
    @action(detail=True, methods=["post"])
    def activation(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Open the doors."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        return Response(self.get_serializer(profiles.activate(vendor=vendor, actor=self.actor, at=clock.now())).data)

    @extend_schema(request=PauseSerializer, responses=OwnVendorSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Let the shop rest: nothing can be bought, running orders go on."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        given = self.read(PauseSerializer)
        paused = profiles.pause(vendor=vendor, actor=self.actor, at=clock.now(), **given)
        return Response(self.get_serializer(paused).data)

    @extend_schema(request=None, responses=OwnVendorSerializer)
    @action(detail=True, methods=["post"])
    def resumption(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Open the doors again."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        return Response(self.get_serializer(profiles.resume(vendor=vendor, actor=self.actor, at=clock.now())).data)

    @extend_schema(request=HolidaySerializer, responses=OwnVendorSerializer)
    @action(detail=True, methods=["put"])
    def holiday(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Plan a holiday: the shop closes and opens by itself, its things stay to be seen; or it goes on selling and ships later."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        planned = holidays.plan(vendor=vendor, actor=self.actor, at=clock.now(), **self.read(HolidaySerializer))
        return Response(self.get_serializer(planned).data)

    @extend_schema(responses={200: OwnVendorSerializer})
    @holiday.mapping.delete
    def come_back(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """No holiday, or home before its last day."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        return Response(self.get_serializer(holidays.come_back(vendor=vendor, actor=self.actor, at=clock.now())).data)

    @extend_schema(responses=PolicySerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def policy(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """What the shop promises."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.VIEW_SHOP)
        return Response(PolicySerializer(policy_of(vendor)).data)

    @extend_schema(request=PolicySerializer, responses=PolicySerializer)
    @policy.mapping.put
    def promise(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Promise something else from now on. Orders keep the promise they were placed under."""
        vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
        policy = policies.change(vendor=vendor, actor=self.actor, at=clock.now(), **self.read(PolicySerializer))
        return Response(PolicySerializer(policy).data)
