"""The link in an invitation: signed, so that nobody guesses one."""

from __future__ import annotations

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.errors import Kind, Refusal
from vendors.members.models import Invitation

_signer = signing.Signer(salt="vendors.members.invitation")


class InvitationOver(Refusal):
    """Used, withdrawn, expired."""

    code = "invitation_over"
    kind = Kind.GONE
    sentence = _("This invitation is no longer valid. Ask the shop for a new one.")


def token_of(invitation: Invitation) -> str:
    """The secret of the link. It is signed and not stored: whoever reads the database cannot accept with it."""
    return _signer.sign(invitation.reference)


def reference_in(token: str) -> str:
    """The invitation that a genuine link speaks of."""
    try:
        return _signer.unsign(token)
    except signing.BadSignature as forged:
        raise InvitationOver from forged
