"""Who works in a shop, and invitations to work there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from core import clock
from vendors.members import access, queries, roles
from vendors.members import operations as members
from vendors.members.models import Invitation, Member

SHOP = OpenApiParameter("vendor_slug", str, OpenApiParameter.PATH, description="The shop's slug.")
ROLE_HELP = f"One of: {', '.join(roles.ROLES)}."


class MemberSerializer(serializers.Serializer[Any]):
    """A person in a shop. E-mail addresses are not shown."""

    reference = serializers.CharField()
    name = serializers.CharField(source="user.shown_name")
    role = serializers.CharField()
    permissions = serializers.SerializerMethodField()
    joined_at = serializers.DateTimeField()

    def get_permissions(self, member: Member) -> list[str]:
        return sorted(member.permissions)


class RoleSerializer(serializers.Serializer[Any]):
    """Another role."""

    role = serializers.CharField(max_length=10, help_text=ROLE_HELP)


class InvitationSerializer(serializers.Serializer[Any]):
    """An open invitation; its link is only in the letter."""

    reference = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InviteSerializer(serializers.Serializer[Any]):
    """Whom to invite, as what."""

    email = serializers.EmailField()
    role = serializers.CharField(max_length=10, help_text=ROLE_HELP)


class AcceptSerializer(serializers.Serializer[Any]):
    """The end of the link in the letter."""

    token = serializers.CharField(max_length=200)


@extend_schema_view(list=extend_schema(parameters=[SHOP]))
class MemberView(SoukViewSet):
    """Members of one shop."""

    access = "person"
    scope = "sell"
    permission = {
        "list": "Members of the shop (view_shop).",
        "partial_update": "Members with manage_members.",
        "destroy": "Members with manage_members; anybody may leave by themselves.",
    }
    serializer_class = MemberSerializer
    queryset = Member.objects.none()
    cursor_ordering = "id"

    def get_queryset(self) -> QuerySet[Member]:
        if not self.request.user.is_authenticated:
            return Member.objects.none()
        return queries.of(access.get_for(self.request.user, slug=self.kwargs["vendor_slug"], permission=roles.VIEW_SHOP))

    def list(self, request: Request, **kwargs: Any) -> Response:
        """The members of the shop."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(MemberSerializer(page, many=True).data)

    @extend_schema(parameters=[SHOP], request=RoleSerializer, responses=MemberSerializer)
    def partial_update(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """Give a member another role."""
        vendor = access.get_for(request.user, slug=vendor_slug, permission=roles.MANAGE_MEMBERS)
        given = self.read(RoleSerializer)
        member = members.change_role(vendor=vendor, reference=reference, role=given["role"], actor=self.actor, at=clock.now())
        return Response(MemberSerializer(member).data)

    @extend_schema(parameters=[SHOP], responses={204: None})
    def destroy(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """Remove a member, or leave. The last owner stays."""
        vendor = access.get_to_remove(request.user, slug=vendor_slug, member=reference)
        members.remove(vendor=vendor, reference=reference, actor=self.actor, at=clock.now())
        return Response(status=204)


@extend_schema_view(list=extend_schema(parameters=[SHOP]))
class InvitationView(SoukViewSet):
    """Open invitations of one shop."""

    access = "person"
    scope = "sell"
    permission = "Members with manage_members."
    idempotent = ("create",)
    serializer_class = InvitationSerializer
    queryset = Invitation.objects.none()
    throttle_scope = "sensitive"

    def get_queryset(self) -> QuerySet[Invitation]:
        if not self.request.user.is_authenticated:
            return Invitation.objects.none()
        vendor = access.get_for(self.request.user, slug=self.kwargs["vendor_slug"], permission=roles.MANAGE_MEMBERS)
        return queries.open_invitations(vendor, at=clock.now())

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Invitations that wait for an answer."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(InvitationSerializer(page, many=True).data)

    @extend_schema(parameters=[SHOP], request=InviteSerializer, responses={201: InvitationSerializer})
    def create(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Send an invitation by e-mail."""
        vendor = access.get_for(request.user, slug=vendor_slug, permission=roles.MANAGE_MEMBERS)
        given = self.read(InviteSerializer)

        def effect() -> dict[str, Any]:
            invitation = members.invite(vendor=vendor, by=request.user, actor=self.actor, at=clock.now(), **given)
            return dict(InvitationSerializer(invitation).data)

        return self.once(effect, status=201)

    @extend_schema(parameters=[SHOP], responses={204: None})
    def destroy(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """Withdraw an invitation."""
        vendor = access.get_for(request.user, slug=vendor_slug, permission=roles.MANAGE_MEMBERS)
        members.withdraw(vendor=vendor, reference=reference, actor=self.actor, at=clock.now())
        return Response(status=204)


class AcceptanceView(SoukViewSet):
    """The other end of an invitation."""

    access = "person"
    scope = "account"
    permission = "The person whose confirmed e-mail address was invited."
    idempotent = ("create",)
    serializer_class = MemberSerializer
    throttle_scope = "sensitive"

    @extend_schema(request=AcceptSerializer, responses={201: MemberSerializer}, operation_id="invitations_acceptance")
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Accept an invitation with the token of its link."""
        given = self.read(AcceptSerializer)

        def effect() -> dict[str, Any]:
            member = members.accept(token=given["token"], user=request.user, actor=self.actor, at=clock.now())
            return dict(MemberSerializer(member).data)

        return self.once(effect, status=201)
