"""What orders do when nobody does anything and no hold's clock says so."""

from core import clock
from core.jobs import job
from marketplace.orders import operations as orders
from marketplace.orders import reads


@job(queue="money")
def decide_unanswered_wish(reference: str) -> None:
    """The seller had time to answer the buyer who asked to cancel."""
    if order := reads.bare(reference):
        orders.decide_unanswered_cancellation(order=order, at=clock.now())
