"""The life of an invitation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class InvitationState(TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


S = InvitationState

FLOW = Flow(
    name="invitation",
    states=InvitationState,
    initial=S.OPEN,
    moves=[
        Move("accept", S.OPEN, S.ACCEPTED, by=("user",)),
        Move("withdraw", S.OPEN, S.WITHDRAWN, by=("seller",)),
        Move("expire", S.OPEN, S.EXPIRED, by=("system",), timer="expires_at"),
    ],
    waiting={S.OPEN: Waiting("user", timer="expires_at", silence="expire")},
    final=frozenset({S.ACCEPTED, S.WITHDRAWN, S.EXPIRED}),
)
