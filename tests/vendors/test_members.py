"""Roles, the rights derived from them, invitations, and the owner who always remains."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.users.queries import actor_of
from core import clock
from core.errors import Invalid, NotHere
from tests.factories.people import make_draft_shop, make_member, make_shop, make_user
from vendors.members import access, queries, roles
from vendors.members import operations as members
from vendors.members.models import Invitation, Member, Role
from vendors.profiles.models import VendorUserObjectPermission

pytestmark = pytest.mark.django_db


def rights(user, vendor):
    return {codename for codename in roles.PERMISSIONS if user.has_perm(f"vendors.{codename}", vendor)}


def test_every_role_is_in_the_table():
    assert set(Role.values) == set(roles.ROLES)


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != "owner"])
def test_accept_derives_exactly_the_rights_of_the_role(role):
    shop = make_shop()
    member = make_member(shop, role)
    assert access.permissions_in(member.user, shop) == roles.ROLES[role]
    assert rights(type(member.user).objects.get(pk=member.user.pk), shop) == roles.ROLES[role]


def test_owner_may_everything_and_a_stranger_nothing():
    owner, stranger = make_user(), make_user()
    shop = make_draft_shop(owner)
    assert access.permissions_in(owner, shop) == roles.PERMISSIONS
    assert access.permissions_in(stranger, shop) == frozenset()
    for permission in roles.PERMISSIONS:
        with pytest.raises(NotHere):
            access.get_for(stranger, slug=shop.slug, permission=permission)


def test_rights_in_one_shop_are_none_in_another():
    member = make_member(make_shop(), "manager")
    with pytest.raises(NotHere):
        access.get_for(member.user, slug=make_shop().slug, permission=roles.VIEW_SHOP)


def test_get_for_denies_an_unknown_permission_even_to_the_owner():
    owner = make_user()
    with pytest.raises(NotHere):
        access.get_for(owner, slug=make_shop(owner).slug, permission="fly")


def test_get_for_has_no_way_in_for_superusers():
    root = make_user(is_staff=True, is_superuser=True)
    with pytest.raises(NotHere):
        access.get_for(root, slug=make_shop().slug, permission=roles.VIEW_SHOP)


def test_get_for_refuses_an_inactive_member():
    owner = make_user()
    shop = make_shop(owner)
    owner.is_active = False
    with pytest.raises(NotHere):
        access.get_for(owner, slug=shop.slug, permission=roles.VIEW_SHOP)


def test_change_role_takes_the_old_rights_away():
    owner = make_user()
    shop = make_shop(owner)
    member = make_member(shop, "manager")
    members.change_role(vendor=shop, reference=member.reference, role="packer", actor=actor_of(owner), at=clock.now())
    assert access.permissions_in(member.user, shop) == roles.ROLES["packer"]


def test_remove_takes_every_right_away():
    owner = make_user()
    shop = make_shop(owner)
    member = make_member(shop, "manager")
    members.remove(vendor=shop, reference=member.reference, actor=actor_of(owner), at=clock.now())
    assert access.permissions_in(member.user, shop) == frozenset()
    assert not VendorUserObjectPermission.objects.filter(user=member.user).exists()


def test_derive_mends_rows_that_somebody_wrote_by_hand():
    shop = make_shop()
    member = make_member(shop, "lister")
    owner_row = VendorUserObjectPermission.objects.get(content_object=shop, permission__codename="manage_payouts")
    VendorUserObjectPermission.objects.create(content_object=shop, user=member.user, permission=owner_row.permission)
    VendorUserObjectPermission.objects.filter(user=member.user, permission__codename="edit_listings").delete()
    members.derive(member=member)
    assert access.permissions_in(member.user, shop) == roles.ROLES["lister"]


def test_last_owner_can_neither_leave_nor_step_down():
    owner = make_user()
    shop = make_shop(owner)
    mine = queries.membership(owner, shop)
    with pytest.raises(members.LastOwner):
        members.remove(vendor=shop, reference=mine.reference, actor=actor_of(owner), at=clock.now())
    with pytest.raises(members.LastOwner):
        members.change_role(vendor=shop, reference=mine.reference, role="manager", actor=actor_of(owner), at=clock.now())
    make_member(shop, "owner")
    members.remove(vendor=shop, reference=mine.reference, actor=actor_of(owner), at=clock.now())
    assert Member.objects.filter(vendor=shop, role="owner").count() == 1


def test_member_of_another_shop_is_not_there():
    owner = make_user()
    shop, other = make_shop(owner), make_shop()
    stranger = Member.objects.get(vendor=other)
    with pytest.raises(NotHere):
        members.remove(vendor=shop, reference=stranger.reference, actor=actor_of(owner), at=clock.now())


def invited(email, *, role="packer", at=None):
    owner = make_user()
    shop = make_shop(owner)
    at = at or clock.now()
    return shop, members.invite(vendor=shop, email=email, role=role, by=owner, actor=actor_of(owner), at=at)


def accept(invitation, user, at=None):
    return members.accept(token=members.token_of(invitation), user=user, actor=actor_of(user), at=at or clock.now())


def test_accept_works_once():
    user = make_user("nora@example.com")
    _shop, invitation = invited("Nora@Example.com ")
    accept(invitation, user)
    with pytest.raises(members.InvitationOver):
        accept(invitation, user)


def test_accept_refuses_another_person():
    _shop, invitation = invited("nora@example.com")
    with pytest.raises(members.InvitationForAnother):
        accept(invitation, make_user("eve@example.com"))


def test_accept_refuses_an_address_that_was_not_confirmed():
    eve = make_user("eve@example.com")
    EmailAddress.objects.create(user=eve, email="nora@example.com", verified=False)
    _shop, invitation = invited("nora@example.com")
    with pytest.raises(members.InvitationForAnother):
        accept(invitation, eve)


def test_accept_refuses_a_forged_a_withdrawn_and_an_expired_link():
    user = make_user("nora@example.com")
    shop, invitation = invited("nora@example.com")
    with pytest.raises(members.InvitationOver):
        members.accept(token=f"{invitation.reference}:forged", user=user, actor=actor_of(user), at=clock.now())
    with pytest.raises(members.InvitationOver):
        accept(invitation, user, at=clock.now() + timedelta(days=8))
    members.withdraw(vendor=shop, reference=invitation.reference, actor=actor_of(user), at=clock.now())
    with pytest.raises(members.InvitationOver):
        accept(invitation, user)


def test_invite_refuses_twins_members_bad_addresses_and_unknown_roles():
    shop, _invitation = invited("nora@example.com")
    owner = Member.objects.get(vendor=shop).user
    ask = {"vendor": shop, "by": owner, "actor": actor_of(owner), "at": clock.now()}
    with pytest.raises(members.AlreadyInvited):
        members.invite(email="nora@example.com", role="packer", **ask)
    with pytest.raises(members.AlreadyMember):
        members.invite(email=owner.email, role="packer", **ask)
    with pytest.raises(Invalid):
        members.invite(email="not an address", role="packer", **ask)
    with pytest.raises(Invalid):
        members.invite(email="new@example.com", role="emperor", **ask)
    assert Invitation.objects.filter(vendor=shop).count() == 1


def test_invite_again_is_possible_after_the_first_expired():
    shop, _old = invited("nora@example.com", at=clock.now() - timedelta(days=8))
    owner = Member.objects.get(vendor=shop).user
    members.invite(vendor=shop, email="nora@example.com", role="packer", by=owner, actor=actor_of(owner), at=clock.now())
    assert set(Invitation.objects.filter(vendor=shop).values_list("state", flat=True)) == {"open", "expired"}
