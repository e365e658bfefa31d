"""Who of our team may give money back after release: arbiters, never in a case of their own."""

from __future__ import annotations

from accounts.users.models import User
from core.errors import NotHere
from escrow.holds import access as holds
from escrow.holds.models import Hold


def to_give(user: User, hold: str) -> Hold:
    """The hold, for arbiters who are not a party of it."""
    if not holds.may_decide(user):
        raise NotHere
    found = holds.hold_for_desk(user, hold)
    if holds.is_party(user, found):
        raise holds.OwnCase
    return found
