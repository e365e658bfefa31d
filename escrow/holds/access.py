"""Who may look at held money and decide about it. The market's own people reach their hold through their order."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, Q

from accounts.users.models import User
from accounts.users.queries import staff_groups_of
from core.errors import Forbidden, NotHere
from escrow.holds.models import Hold, Issue
from vendors.members.models import Member

ARBITERS: Final = frozenset({"arbitrators", "admins"})
READERS: Final = ARBITERS | {"finance"}


class OwnCase(Forbidden):
    code = "own_case"


def may_read(user: User) -> bool:
    """Whether this person sees held money at the desk."""
    return bool(user.is_authenticated and READERS & staff_groups_of(user))


def may_decide(user: User) -> bool:
    """Whether this person decides issues."""
    return bool(user.is_authenticated and ARBITERS & staff_groups_of(user))


def is_party(user: User, hold: Hold) -> bool:
    """An arbiter is never a party: neither the buyer nor a member of the selling shop."""
    sells = Member.objects.filter(user=user, vendor__party__key=hold.seller)
    return User.objects.filter(Q(party__key=hold.buyer) | Exists(sells), pk=user.pk).exists()


def hold_for_desk(user: User, reference: str) -> Hold:
    """The hold, for staff; nothing for everybody else."""
    hold = Hold.objects.select_related("payment").filter(reference=reference).first() if may_read(user) else None
    if hold is None:
        raise NotHere
    return hold


def issue_for_desk(user: User, reference: str) -> Issue:
    """The issue, for arbiters; nothing for everybody else."""
    issue = Issue.objects.select_related("hold__payment").filter(reference=reference).first() if may_decide(user) else None
    if issue is None:
        raise NotHere
    return issue


def issue_to_decide(user: User, reference: str) -> Issue:
    """The same, refused to a party of the case."""
    issue = issue_for_desk(user, reference)
    if is_party(user, issue.hold):
        raise OwnCase
    return issue
