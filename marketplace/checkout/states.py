"""A checkout is written, placed, and then paid or not."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class CheckoutState(TextChoices):
    DRAFT = "draft", _("Being written")
    PLACED = "placed", _("Waiting for payment")
    PAID = "paid", _("Paid")
    EXPIRED = "expired", _("Ended unpaid")
    DROPPED = "dropped", _("Left unfinished")


S = CheckoutState

FLOW = Flow(
    name="checkout",
    states=CheckoutState,
    initial=S.DRAFT,
    moves=[
        Move("place", S.DRAFT, S.PLACED, by=("buyer",)),
        Move("pay", S.PLACED, S.PAID, by=("provider",)),
        Move("expire", S.PLACED, S.EXPIRED, by=("provider", "system"), timer="payment"),
        Move("drop", S.DRAFT, S.DROPPED, by=("system",), timer="draft"),
    ],
    waiting={S.DRAFT: Waiting("buyer", "draft", "drop"), S.PLACED: Waiting("buyer", "payment", "expire")},
    final=frozenset({S.PAID, S.EXPIRED, S.DROPPED}),
)
