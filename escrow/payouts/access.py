"""Fetch a payout for a member of the shop that it belongs to."""

from __future__ import annotations

from accounts.users.models import User
from core.errors import NotHere
from escrow.payouts.models import Payout
from vendors.members import access as shops


def get_for(user: User, *, slug: str, reference: str, permission: str) -> Payout:
    """The payout of this shop, or not there."""
    vendor = shops.get_for(user, slug=slug, permission=permission)
    payout = Payout.objects.filter(seller=vendor.party.key, reference=reference).first()
    if payout is None:
        raise NotHere
    return payout
