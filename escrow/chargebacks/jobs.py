"""The clockwork of chargebacks."""

from core import clock
from core.jobs import job
from escrow.chargebacks import asking


@job(queue="money")
def follow_chargebacks() -> None:
    """Every hour: read open cases again, find those whose message was lost, let silence decide, and remind."""
    asking.follow(at=clock.now())
