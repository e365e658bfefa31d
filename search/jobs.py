from __future__ import annotations

from core import clock
from core.jobs import job
from search import operations


@job(queue="search")
def drain_outbox() -> None:
    operations.drain(at=clock.now())


@job(queue="search")
def mend_index(damaged: str) -> None:
    operations.mend(damaged=damaged, at=clock.now())


@job(queue="search")
def keep_fresh() -> None:
    """Every minute: prices whose time has come, and whatever a lost job left behind."""
    now = clock.now()
    operations.reindex_repriced(at=now)
    operations.drain(at=now)
