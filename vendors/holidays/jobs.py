from __future__ import annotations

from core import clock
from core.jobs import job
from vendors.holidays import operations as holidays


@job()
def follow_holidays() -> None:
    """Every minute: shops leave and come home by their own clocks."""
    holidays.follow(at=clock.now())
