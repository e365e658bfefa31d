"""Fetching an order for a person: theirs, or not there."""

from __future__ import annotations

from accounts.models import User
from accounts.users.queries import staff_groups_of
from core.errors import NotHere
from marketplace.orders import guest_links, reads
from marketplace.orders.models import Order
from vendors.members import access as members
from vendors.members import roles


def get_for(*, user: User | None, reference: str, guest_key: str = "", bare: bool = False) -> Order:
    """The buyer's order: by sign-in, or by the key of the guest's link. `bare`: without what stands around it, for an operation."""
    order = reads.bare(reference) if bare else reads.by_reference(reference)
    if order is None:
        raise NotHere
    if user is not None and order.user_id == user.pk:
        return order
    if order.is_guest and guest_key and guest_links.matches(key=guest_key, fingerprint=order.guest_key_hash):
        return order
    raise NotHere


def get_for_vendor(*, user: User, slug: str, reference: str, permission: str = "view_orders") -> Order:
    """The shop's order, for a member who may; an unpaid one is nobody's business yet."""
    vendor = members.get_for(user, slug=slug, permission=permission)
    order = reads.by_reference(reference)
    if order is None or order.vendor_id != vendor.pk or not order.is_sellers_business:
        raise NotHere
    return order


def get_for_seller(*, user: User, reference: str, permission: str = "view_orders") -> Order:
    """The same by reference alone, for machines that do not name the shop."""
    order = reads.by_reference(reference)
    if order is None or not order.is_sellers_business or not members.allowed(user, order.vendor, permission):
        raise NotHere
    return order


def sees_money(user: User, order: Order) -> bool:
    """Whoever counts the shop's money, or gives some of it back. A packer needs the goods and the address."""
    return bool({roles.VIEW_MONEY, roles.REFUND_ORDERS} & members.permissions_in(user, order.vendor))


def may_read_all(user: User) -> bool:
    """Whoever sits at a desk."""
    return bool(user.is_authenticated and staff_groups_of(user))


def may_decide(user: User) -> bool:
    return bool(user.is_authenticated and {"arbitrators", "admins"} & staff_groups_of(user))


def get_for_desk(*, user: User, reference: str, deciding: bool = False) -> Order:
    """Any order, for staff; nothing for everybody else. Nobody decides about their own."""
    order = reads.by_reference(reference)
    allowed = may_decide(user) if deciding else may_read_all(user)
    if order is None or not allowed:
        raise NotHere
    if deciding and (order.user_id == user.pk or members.may_enter(user, order.vendor)):
        raise NotHere
    return order
