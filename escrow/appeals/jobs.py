from __future__ import annotations

from core import clock
from core.jobs import job
from escrow.appeals import sweep


@job(queue="money")
def lapse_due_appeals() -> None:
    """Every hour."""
    sweep.lapse_due(at=clock.now())
