"""While goods travel back, the clock of undecided money waits: nobody is paid by silence for what is on its way home.

The return has its own clocks and always ends; `until` is the wall behind them. If nobody resumes the hold by then, the old silence decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core import crashes
from core.actors import Actor
from escrow.holds import timers
from escrow.holds.models import Hold
from escrow.holds.moves import locked, refuse_frozen, turn
from escrow.holds.states import FLOW, State


@transaction.atomic
def await_return(*, hold: Hold, until: datetime, at: datetime, actor: Actor) -> Hold:
    """A return runs, or runs on: the inspection stands still. What was left of it is kept, however often the return moves."""
    hold = locked(hold)
    refuse_frozen(hold)
    target = FLOW.target(hold.state, "await_return", by="system")
    assert hold.due_at is not None
    left = hold.return_left if hold.return_left is not None else max(hold.due_at - at, timedelta(0))
    deadline = timers.waiting_for_return(at=at, until=until, limit_at=hold.limit_at)
    turn(hold, "await_return", to=target, actor=actor, at=at, deadline=deadline, return_left=left)
    crashes.point("hold.awaits_return")
    return hold


@transaction.atomic
def resume_after_return(*, hold: Hold, at: datetime, actor: Actor) -> Hold:
    """No return runs any more: the clock goes on where it stood. Twice is once, and what was decided meanwhile stays decided."""
    hold = locked(hold)
    if hold.return_left is None:
        return hold
    left, name = hold.return_left, "resume_after_return"
    if hold.state == State.DISPUTED:  # the dispute has the word now; its own end gives this much back
        turn(hold, name, to=hold.state, actor=actor, at=at, frozen_left=left, return_left=None)
    elif hold.chargeback_open and hold.state == State.DELIVERED:
        turn(hold, name, to=hold.state, actor=actor, at=at, chargeback_left=left, return_left=None)
    elif hold.state == State.DELIVERED:
        deadline = timers.resumed(at=at, left=left, move=timers.RELEASE, limit_at=hold.limit_at)
        turn(hold, name, to=FLOW.target(hold.state, name, by="system"), actor=actor, at=at, deadline=deadline, return_left=None)
    else:
        turn(hold, name, to=hold.state, actor=actor, at=at, return_left=None)
    return hold
