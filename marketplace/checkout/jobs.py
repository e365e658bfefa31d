"""Tidying of drafts."""

from core import clock
from core.jobs import job
from marketplace.checkout import operations as checkouts


@job()
def drop_old_drafts() -> None:
    checkouts.drop_old(at=clock.now())
