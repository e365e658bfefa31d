"""What fulfilment does for any order, whatever its kind."""

from marketplace.fulfilment import registry
from marketplace.orders.models import Order


def start(*, order: Order) -> None:
    """The money is held: let the order's kind prepare its hand-over."""
    kind = registry.get(order.hand_over)
    if kind.start is not None:
        kind.start(order)
