from __future__ import annotations

from core import clock
from core.jobs import job
from escrow.disputes import evidence, sweep
from escrow.disputes.models import Dispute


@job(queue="money")
def move_due_disputes() -> None:
    """Every minute: silence decides."""
    sweep.move_due(at=clock.now())


@job()
def remind_of_disputes() -> None:
    """A few times an hour: a day before silence decides."""
    sweep.remind(at=clock.now())


@job()
def record_facts(dispute: str) -> None:
    """What the house knows, as it is now."""
    found = Dispute.objects.select_related("hold").filter(reference=dispute).first()
    if found is not None:
        evidence.record_facts(dispute=found, at=clock.now())
