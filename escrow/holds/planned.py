"""Holds that are parts of a plan: waiting for the other parts, and joining the goods where they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core.actors import Actor
from escrow.holds import timers
from escrow.holds.models import Hold
from escrow.holds.moves import locked, refuse_frozen, turn
from escrow.holds.states import FLOW


@transaction.atomic
def postpone(*, hold: Hold, by: timedelta, at: datetime, actor: Actor) -> Hold:
    """The hand-over may be later than agreed: another part of the same plan was given more time."""
    hold = locked(hold)
    refuse_frozen(hold)
    target = FLOW.target(hold.state, "postpone", by="seller")
    assert hold.due_at is not None
    deadline = timers.postponed(at=at, due_at=hold.due_at + by, move=hold.due_move, limit_at=hold.limit_at)
    turn(hold, "postpone", to=target, actor=actor, at=at, deadline=deadline)
    return hold


@transaction.atomic
def follow(*, hold: Hold, first: Hold, at: datetime, actor: Actor) -> Hold:
    """Money that was paid after its goods left stands where the first part stands, with the same clock."""
    hold = locked(hold)
    delivered = first.delivered_at is not None
    target = FLOW.target(hold.state, "follow_delivered" if delivered else "follow_shipped", by="system")
    if first.state == target and first.due_at is not None and not first.is_frozen:
        deadline = timers.postponed(at=at, due_at=first.due_at, move=first.due_move, limit_at=hold.limit_at)
    elif delivered:
        deadline = timers.after_delivery(at=at, inspection_days=hold.inspection_days, limit_at=hold.limit_at)
    else:
        deadline = timers.after_shipping(at=at, limit_at=hold.limit_at)
    seen, arrived, said = first.shipped_at, first.delivered_at, first.delivered_by
    turn(hold, "follow", to=target, actor=actor, at=at, deadline=deadline, shipped_at=seen, delivered_at=arrived, delivered_by=said)
    return hold
