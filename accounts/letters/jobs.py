"""Background entry points of this room."""

from __future__ import annotations

from accounts.letters import operations as letters
from core import clock, jobs


@jobs.job(queue="mail")
def send_letter(reference: str) -> None:
    """Send one letter; a second run finds it sent."""
    letters.send(reference=reference, at=clock.now())


@jobs.job(queue="mail")
def forget_old_letters() -> None:
    """Drop the traces of letters that left long ago."""
    letters.forget_old(at=clock.now())
