"""Background entry points of this room."""

from __future__ import annotations

from core import clock
from core.jobs import job
from messaging.notifications import operations as notifications


@job()
def forget_old_notifications() -> None:
    """Drop what was told long ago."""
    notifications.forget_old(at=clock.now())
