"""Background entry points of this room."""

from __future__ import annotations

from core import clock, jobs
from vendors.members import notices
from vendors.members import operations as members
from vendors.members.models import Invitation


@jobs.job(queue="mail")
def send_invitation(reference: str) -> None:
    """Write the letter of one invitation, if it is still open."""
    at = clock.now()
    invitation = Invitation.objects.select_related("vendor", "invited_by").filter(reference=reference).first()
    if invitation and invitation.is_open(at):
        notices.tell_invited(invitation=invitation, at=at)


@jobs.job()
def expire_invitations() -> None:
    """Hourly: close what nobody answered."""
    members.expire_invitations(at=clock.now())
