"""Background entry points of this room."""

from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.cart import operations as carts


@job()
def drop_abandoned_carts() -> None:
    """Guests' baskets that nobody came back to."""
    carts.drop_abandoned(at=clock.now())
