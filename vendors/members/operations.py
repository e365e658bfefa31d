"""Bring people into a shop, give them a role, let them go. Every verb locks the vendor first: an owner always remains."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from core import audit, jobs, locks
from core.actors import Actor
from core.errors import Invalid, Kind, NotHere, Refusal
from vendors.members.links import InvitationOver as InvitationOver
from vendors.members.links import reference_in
from vendors.members.links import token_of as token_of
from vendors.members.models import Invitation, Member, Role
from vendors.members.roles import OWNER, permissions_of
from vendors.members.signals import member_joined, member_left
from vendors.members.states import FLOW, InvitationState
from vendors.profiles.models import Vendor, VendorUserObjectPermission

OPEN_FOR = timedelta(days=7)
MOST = 100


class LastOwner(Refusal):
    """A shop without an owner could never be paid or closed."""

    code = "last_owner"
    kind = Kind.CONFLICT
    sentence = _("This is the last owner of the shop. Make somebody else an owner first.")


class AlreadyMember(Refusal):
    """Nothing to invite to."""

    code = "already_member"
    kind = Kind.CONFLICT
    sentence = _("This person is a member of the shop already.")


class AlreadyInvited(Refusal):
    """One open invitation per address."""

    code = "already_invited"
    kind = Kind.CONFLICT
    sentence = _("An invitation to this address is open. Withdraw it first if you want to change it.")


class ShopFull(Refusal):
    """A limit against floods of mails."""

    code = "shop_full"
    kind = Kind.CONFLICT
    sentence = _("A shop can have {most} members and open invitations.")


class InvitationForAnother(Refusal):
    """The link works only for the address that it was sent to."""

    code = "invitation_for_another"
    kind = Kind.FORBIDDEN
    sentence = _("This invitation was sent to another e-mail address. Sign in with that address.")


@transaction.atomic
def admit_owner(*, vendor: Vendor, user: User, at: datetime) -> Member:
    """The person who opened the shop. Called by this room's receiver only."""
    return _admit(vendor, user, OWNER, at)


@transaction.atomic
def invite(*, vendor: Vendor, email: str, role: str, by: User, actor: Actor, at: datetime) -> Invitation:
    """Send a link to an address. Inviting somebody who has no account looks the same."""
    shop = _locked(vendor)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise Invalid("email", _("Write an e-mail address like name@example.com.")) from wrong
    known_role(role)
    if Member.objects.filter(vendor=shop, user__email=address).exists():
        raise AlreadyMember(field="email")
    open_ones = Invitation.objects.filter(vendor=shop, state=InvitationState.OPEN)
    open_ones.filter(expires_at__lte=at).update(state=InvitationState.EXPIRED)
    if open_ones.filter(email=address).exists():
        raise AlreadyInvited(field="email")
    if open_ones.count() + Member.objects.filter(vendor=shop).count() >= MOST:
        raise ShopFull(most=MOST)
    invitation = Invitation.objects.create(
        vendor=shop, email=address, role=role, language=by.language, invited_by=by, created_at=at, expires_at=at + OPEN_FOR
    )
    _record(shop, "member_invited", actor, at, after={"invitation": invitation.reference, "role": role})
    jobs.defer("vendors.members.jobs.send_invitation", reference=invitation.reference)
    return invitation


@transaction.atomic
def withdraw(*, vendor: Vendor, reference: str, actor: Actor, at: datetime) -> Invitation:
    """Make an open invitation worthless."""
    shop = _locked(vendor)
    invitation = Invitation.objects.filter(vendor=shop, reference=reference).first()
    if invitation is None:
        raise NotHere
    invitation.state = FLOW.target(invitation.state, "withdraw")
    invitation.save(update_fields=["state"])
    _record(shop, "invitation_withdrawn", actor, at, after={"invitation": invitation.reference})
    return invitation


@transaction.atomic
def accept(*, token: str, user: User, actor: Actor, at: datetime) -> Member:
    """Turn an invitation into a membership, once, for the confirmed owner of its address."""
    reference = reference_in(token)
    vendor_id = Invitation.objects.filter(reference=reference).values_list("vendor_id", flat=True).first()
    if vendor_id is None:
        raise InvitationOver
    shop = locks.rows(Vendor.objects.filter(pk=vendor_id))[0]
    invitation = Invitation.objects.get(reference=reference)
    if not invitation.is_open(at):
        raise InvitationOver
    if not EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists():
        raise InvitationForAnother
    if Member.objects.filter(vendor=shop, user=user).exists():
        raise AlreadyMember
    invitation.state = FLOW.target(invitation.state, "accept")
    invitation.accepted_by = user
    invitation.save(update_fields=["state", "accepted_by"])
    member = _admit(shop, user, invitation.role, at)
    _record(shop, "member_joined", actor, at, after={"user": user.reference, "role": invitation.role})
    return member


@transaction.atomic
def change_role(*, vendor: Vendor, reference: str, role: str, actor: Actor, at: datetime) -> Member:
    """Give a member another role, and with it other rights."""
    shop = _locked(vendor)
    member = _member(shop, reference)
    known_role(role)
    if member.role == role:
        return member
    if member.role == OWNER:
        _require_another_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    derive(member=member)
    _record(shop, "role_changed", actor, at, before={"role": before}, after={"user": member.user.reference, "role": role})
    return member


@transaction.atomic
def remove(*, vendor: Vendor, reference: str, actor: Actor, at: datetime) -> None:
    """End a membership: a member leaves, or is asked to."""
    shop = _locked(vendor)
    member = _member(shop, reference)
    if member.role == OWNER:
        _require_another_owner(member)
    user = member.user
    VendorUserObjectPermission.objects.filter(content_object=shop, user=user).delete()
    member.delete()
    _record(shop, "member_left", actor, at, before={"user": user.reference, "role": member.role})
    member_left.send(sender=Member, vendor=shop, user=user, at=at)


def derive(*, member: Member) -> None:
    """Make the django-guardian rows of this person on this vendor equal to what the role allows."""
    wanted = permissions_of(member.role)
    held = VendorUserObjectPermission.objects.filter(content_object=member.vendor, user=member.user)
    held.exclude(permission__codename__in=wanted).delete()
    missing = wanted - set(held.values_list("permission__codename", flat=True))
    rights = Permission.objects.filter(content_type__app_label="vendors", content_type__model="vendor", codename__in=missing)
    VendorUserObjectPermission.objects.bulk_create(
        VendorUserObjectPermission(content_object=member.vendor, user=member.user, permission=right) for right in rights
    )


def expire_invitations(*, at: datetime) -> int:
    """Close the invitations whose time is over."""
    due = Invitation.objects.filter(state=InvitationState.OPEN, expires_at__lte=at)
    return due.update(state=InvitationState.EXPIRED)


def known_role(role: str) -> str:
    """A role from the table."""
    if role not in Role.values:
        raise Invalid("role", _("Choose a role from the list."))
    return role


def _admit(vendor: Vendor, user: User, role: str, at: datetime) -> Member:
    member = Member.objects.create(vendor=vendor, user=user, role=role, joined_at=at)
    derive(member=member)
    member_joined.send(sender=Member, member=member, at=at)
    return member


def _locked(vendor: Vendor) -> Vendor:
    return locks.rows(Vendor.objects.filter(pk=vendor.pk))[0]


def _member(vendor: Vendor, reference: str) -> Member:
    member = Member.objects.filter(vendor=vendor, reference=reference).select_related("user").first()
    if member is None:
        raise NotHere
    return member


def _require_another_owner(member: Member) -> None:
    if not Member.objects.filter(vendor=member.vendor, role=OWNER, user__is_active=True).exclude(pk=member.pk).exists():
        raise LastOwner


def _record(vendor: Vendor, name: str, actor: Actor, at: datetime, **details: Any) -> None:
    audit.record(kind="vendor", reference=vendor.reference, name=name, actor=actor, at=at, **details)
