"""The clockwork of holds."""

from core import clock
from core.jobs import job
from escrow.holds import sweep


@job(queue="money")
def move_due_holds() -> None:
    """Every minute: silence decides, and near deadlines are announced."""
    at = clock.now()
    sweep.move_due(at=at)
    sweep.remind(at=at)
