"""Fetching a return for a person: theirs, or not there. Whose order it is decides."""

from __future__ import annotations

from accounts.models import User
from core.errors import NotHere
from escrow.holds import access as holds
from marketplace.orders.models import Order
from marketplace.returns.models import Return
from vendors.members import access as members
from vendors.members import roles


def get_among(order: Order, *, reference: str) -> Return:
    """The return of an order that the caller has fetched for its person already."""
    found = Return.objects.with_everything().filter(order=order, reference=reference).first()
    if found is None:
        raise NotHere
    return found


def get_for_vendor(*, user: User, slug: str, reference: str, permission: str = roles.VIEW_ORDERS) -> Return:
    """The shop's return, for a member who may."""
    vendor = members.get_for(user, slug=slug, permission=permission)
    found = Return.objects.with_everything().filter(order__vendor=vendor, reference=reference).first()
    if found is None:
        raise NotHere
    return found


def get_for_buyer(*, user: User, reference: str) -> Return:
    """A signed-in buyer's return, by its reference alone: for machines."""
    found = Return.objects.with_everything().filter(order__user=user, reference=reference).first()
    if found is None:
        raise NotHere
    return found


def get_for_seller(*, user: User, reference: str, permission: str = roles.VIEW_ORDERS) -> Return:
    """The same for members of the shop."""
    found = Return.objects.with_everything().filter(reference=reference).first()
    if found is None or not members.allowed(user, found.order.vendor, permission):
        raise NotHere
    return found


def get_for_desk(*, user: User, reference: str) -> Return:
    """Any return, for arbiters; nothing for everybody else."""
    found = Return.objects.with_everything().filter(reference=reference).first() if holds.may_decide(user) else None
    if found is None:
        raise NotHere
    return found


def get_to_decide(*, user: User, reference: str) -> Return:
    """The same, refused to a party of the case."""
    found = get_for_desk(user=user, reference=reference)
    if holds.is_party(user, found.order.hold):
        raise holds.OwnCase
    return found
