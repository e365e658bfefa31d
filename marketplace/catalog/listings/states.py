from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class ListingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    SOLD_OUT = "sold_out", _("Sold out")
    REMOVED = "removed", _("Removed")


DRAFT, PUBLISHED, PAUSED, SOLD_OUT, REMOVED = ListingState
ON_SHOW = (PUBLISHED, SOLD_OUT)
"""States in which a stranger may open the listing's page."""

FLOW = Flow(
    name="listing",
    states=ListingState,
    initial=DRAFT,
    moves=[
        Move("publish", DRAFT, PUBLISHED, by=("seller",)),
        Move("pause", (PUBLISHED, SOLD_OUT), PAUSED, by=("seller", "staff")),
        Move("resume", PAUSED, PUBLISHED, by=("seller",)),
        Move("sell_out", PUBLISHED, SOLD_OUT, by=("system",)),
        Move("restock", SOLD_OUT, PUBLISHED, by=("system",)),
        Move("remove", (DRAFT, PUBLISHED, PAUSED, SOLD_OUT), REMOVED, by=("seller", "staff")),
    ],
    waiting={
        DRAFT: Waiting(owner="seller"),
        PUBLISHED: Waiting(owner="seller"),
        PAUSED: Waiting(owner="seller"),
        SOLD_OUT: Waiting(owner="seller"),
    },
    final=frozenset({REMOVED}),
)
