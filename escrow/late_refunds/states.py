"""The life of a refund that our team gives after release, as a table."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class Grant(TextChoices):
    ASKED = "asked", _("waits for a second person")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")


FLOW: Final = Flow(
    name="escrow.late_refunds",
    states=Grant,
    initial=Grant.ASKED,
    moves=[
        Move("give", Grant.ASKED, Grant.GIVEN, by=("staff",), money="seller_payable, seller_receivable → refund_pending"),
        Move("refuse", Grant.ASKED, Grant.REFUSED, by=("staff",)),
    ],
    waiting={Grant.ASKED: Waiting("staff")},
    final=frozenset({Grant.GIVEN, Grant.REFUSED}),
)
