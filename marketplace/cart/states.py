"""A cart is open until its guest signs in and it flows into theirs."""

from django.db.models import TextChoices

from core.states import Flow, Move, Waiting


class CartState(TextChoices):
    OPEN = "open"
    MERGED = "merged"


FLOW = Flow(
    name="cart",
    states=CartState,
    initial=CartState.OPEN,
    moves=[Move("merge", CartState.OPEN, CartState.MERGED, by=("buyer",))],
    waiting={CartState.OPEN: Waiting("buyer")},
    final=frozenset({CartState.MERGED}),
)
