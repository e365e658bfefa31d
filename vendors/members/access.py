"""Fetch a shop for a person who may do this in it, or not at all.

The rights are the django-guardian rows that operations.derive keeps. Staff and superusers have no way in here: the desk is theirs.
"""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from accounts.users.models import User
from accounts.users.queries import asked_once
from core.errors import NotHere
from vendors.members.models import Member
from vendors.members.roles import MANAGE_MEMBERS, PERMISSIONS, VIEW_SHOP
from vendors.profiles.models import Vendor, VendorUserObjectPermission


def get_for(user: User, *, slug: str, permission: str) -> Vendor:
    """The shop with this slug, if this person may do this in it. Otherwise it is not there."""
    vendor = with_rights(Vendor.objects.filter(slug=slug).select_related("party", "policy"), user).first()
    if vendor is None or permission not in rights_read(user, vendor):
        raise NotHere
    return vendor


def shops_for(user: User, *, most: int = 50) -> list[Vendor]:
    """The shops in which this person works, the oldest first; `permissions_in` asks no more about any of them."""
    held = VendorUserObjectPermission.objects.filter(user_id=user.pk, content_object=OuterRef("pk"), permission__codename=VIEW_SHOP)
    shops = list(with_rights(Vendor.objects.filter(Exists(held)).select_related("party", "policy").order_by("id"), user)[:most])
    return [shop for shop in shops if VIEW_SHOP in rights_read(user, shop)]


def with_rights(vendors: QuerySet[Vendor], user: User) -> QuerySet[Vendor]:
    """The shops with what this person may do in each, in the same question; `rights_read` tells it."""
    held = VendorUserObjectPermission.objects.filter(user_id=user.pk, content_object=OuterRef("pk"))
    return vendors.annotate(held=ArraySubquery(held.values("permission__codename")))


def rights_read(user: User, vendor: Vendor) -> frozenset[str]:
    """What was read with the shop; the rest of the page's request does not ask again."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return asked_once(user, ("shop", vendor.pk), lambda: PERMISSIONS & frozenset(vendor.held))  # type: ignore[attr-defined]  # annotated above


def allowed(user: User, vendor: Vendor, permission: str) -> bool:
    """Whether this person may do this in this shop. An unknown word is never allowed."""
    return permission in permissions_in(user, vendor)


def permissions_in(user: User, vendor: Vendor) -> frozenset[str]:
    """Everything that this person may do in this shop."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    held = VendorUserObjectPermission.objects.filter(user=user, content_object=vendor).values_list("permission__codename", flat=True)
    return asked_once(user, ("shop", vendor.pk), lambda: PERMISSIONS & frozenset(held))


def require(user: User, vendor: Vendor, permission: str) -> None:
    """For rooms that found the vendor through a thing of its own: not allowed looks like not there."""
    if not allowed(user, vendor, permission):
        raise NotHere


def may_enter(user: User, vendor: Vendor) -> bool:
    """Whether this person works here at all."""
    return allowed(user, vendor, VIEW_SHOP)


def get_to_remove(user: User, *, slug: str, member: str) -> Vendor:
    """The shop, for somebody who may end this membership: one who manages members, or the member."""
    vendor = get_for(user, slug=slug, permission=VIEW_SHOP)
    leaves = Member.objects.filter(vendor=vendor, user=user, reference=member).exists()
    if not leaves and not allowed(user, vendor, MANAGE_MEMBERS):
        raise NotHere
    return vendor
