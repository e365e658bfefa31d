from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class ReservationState(models.TextChoices):
    HELD = "held", _("Reserved")
    SOLD = "sold", _("Sold")
    RELEASED = "released", _("Released")
    RETURNED = "returned", _("Put back")


HELD, SOLD, RELEASED, RETURNED = ReservationState

FLOW = Flow(
    name="reservation",
    states=ReservationState,
    initial=HELD,
    moves=[
        Move("sell", HELD, SOLD, by=("system",)),
        Move("release", HELD, RELEASED, by=("system", "buyer"), timer="until"),
        Move("put_back", SOLD, RETURNED, by=("system", "buyer", "seller", "staff")),
    ],
    waiting={
        HELD: Waiting(owner="buyer", timer="until", silence="release"),
        SOLD: Waiting(owner="seller"),
    },
    final=frozenset({RELEASED, RETURNED}),
)
"""A sold reservation rests; it moves again only when the goods come back."""
