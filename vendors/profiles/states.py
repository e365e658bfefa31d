"""A vendor's life: it is written, it is open, it rests, it is closed for good."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class VendorState(TextChoices):
    DRAFT = "draft", _("Not open yet")
    ACTIVE = "active", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


S = VendorState

FLOW = Flow(
    name="vendor",
    states=VendorState,
    initial=S.DRAFT,
    moves=[
        Move("activate", S.DRAFT, S.ACTIVE, by=("seller", "staff")),
        Move("pause", S.ACTIVE, S.PAUSED, by=("seller", "staff")),
        Move("resume", S.PAUSED, S.ACTIVE, by=("seller", "staff")),
        Move("close", (S.DRAFT, S.ACTIVE, S.PAUSED), S.CLOSED, by=("seller", "staff")),
    ],
    waiting={S.DRAFT: Waiting("seller"), S.ACTIVE: Waiting("seller"), S.PAUSED: Waiting("seller")},
    final=frozenset({S.CLOSED}),
)
