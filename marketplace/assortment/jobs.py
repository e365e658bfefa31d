from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.assortment import operations


@job()
def carry_on(reference: str) -> None:
    operations.carry_on(reference=reference, at=clock.now())
