from __future__ import annotations

from core import clock, jobs
from core.jobs import job
from search import operations


@job(queue="search")
def drain_outbox() -> None:
    """One for all that wait: every change asks for a drain of its own, and a change of 20,000 listings would keep a worker for an hour."""
    others = jobs.waiting_twins("search.jobs.drain_outbox")
    operations.drain(at=clock.now())
    jobs.drop(others)


@job(queue="search")
def mend_index(damaged: str) -> None:
    operations.mend(damaged=damaged, at=clock.now())


@job(queue="search")
def keep_fresh() -> None:
    """Every minute: prices whose time has come, and whatever a lost job left behind."""
    now = clock.now()
    operations.reindex_repriced(at=now)
    operations.drain(at=now)
