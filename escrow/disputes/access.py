"""Who may see a dispute: its buyer, the selling shop's people, our arbiters; and who may decide it."""

from __future__ import annotations

from accounts.users.models import User
from core.errors import NotHere
from escrow.disputes.models import Dispute, Exhibit
from escrow.holds import access as holds


def get_for_desk(user: User, *, issue: str) -> Dispute:
    """The dispute of an issue, for arbiters; nothing for everybody else."""
    found = (
        Dispute.objects.select_related("hold__payment", "issue", "late_appeal").filter(issue__reference=issue).first()
        if holds.may_decide(user)
        else None
    )
    if found is None:
        raise NotHere
    return found


def get_to_decide(user: User, *, issue: str) -> Dispute:
    """The same, refused to a party of the case."""
    found = get_for_desk(user, issue=issue)
    if holds.is_party(user, found.hold):
        raise holds.OwnCase
    return found


def exhibit_of(dispute: Dispute, reference: str) -> Exhibit:
    """A piece of evidence with a file, of a dispute that the caller may see."""
    found = dispute.exhibits.filter(reference=reference).exclude(file="").first()
    if found is None:
        raise NotHere
    return found
