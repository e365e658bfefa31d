from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.returns import sweep


@job(queue="money")
def move_due_returns() -> None:
    """Every minute: silence decides."""
    sweep.move_due(at=clock.now())
