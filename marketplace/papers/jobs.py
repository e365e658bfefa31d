from __future__ import annotations

from datetime import timedelta

from core import clock
from core.jobs import job
from marketplace.papers import operations as papers
from marketplace.papers import queries

LOOKED_AT = timedelta(days=120)  # no hold lives longer


@job()
def write_papers(order: str) -> None:
    """The papers of one order."""
    papers.bring_up_to_date(order_reference=order, at=clock.now())


@job()
def write_missing_invoices() -> None:
    """Once a day: what a lost job left behind."""
    at = clock.now()
    for order in queries.supplied_without_invoice(since=at - LOOKED_AT).values_list("reference", flat=True)[:1000]:
        papers.bring_up_to_date(order_reference=order, at=at)
