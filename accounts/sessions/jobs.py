"""Background entry points of this room."""

from __future__ import annotations

from accounts.sessions import operations as sessions
from core import clock
from core.jobs import job


@job()
def forget_expired_sessions() -> None:
    """Drop sessions that ran out."""
    sessions.forget_expired(at=clock.now())
