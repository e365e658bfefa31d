"""Who works where."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.users.models import User
from core.compiled import compiled
from core.errors import NotHere
from vendors.members.links import InvitationOver, reference_in
from vendors.members.models import Invitation, Member
from vendors.members.states import InvitationState
from vendors.profiles.models import Vendor


def shops_of(user: User, *, permission: str = "view_shop") -> QuerySet[Vendor]:
    """The shops in which this person may do this, the oldest first."""
    return Vendor.objects.filter(
        vendoruserobjectpermission__user=user,
        vendoruserobjectpermission__permission__codename=permission,
        vendoruserobjectpermission__permission__content_type__app_label="vendors",
    ).order_by("id")


def of(vendor: Vendor) -> QuerySet[Member]:
    """The members of a shop."""
    return Member.objects.filter(vendor=vendor).select_related("user")


def people_with(vendor: Vendor, *, permission: str) -> list[User]:
    """Whom to tell about things that this right is for."""
    return _people_with(vendor.pk, permission)


@compiled
def _people_with(vendor_id: int, permission: str) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        vendoruserobjectpermission__content_object=vendor_id,
        vendoruserobjectpermission__permission__codename=permission,
        vendoruserobjectpermission__permission__content_type__app_label="vendors",
    ).order_by("id")


def membership(user: User, vendor: Vendor) -> Member:
    """My own membership."""
    member = of(vendor).filter(user=user).first()
    if member is None:
        raise NotHere
    return member


def open_invitations(vendor: Vendor, *, at: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return Invitation.objects.filter(vendor=vendor, state=InvitationState.OPEN, expires_at__gt=at)


def invitation_in(token: str, *, at: datetime) -> Invitation:
    """The open invitation behind a link."""
    invitation = Invitation.objects.select_related("vendor", "invited_by").filter(reference=reference_in(token)).first()
    if invitation is None or not invitation.is_open(at):
        raise InvitationOver
    return invitation
