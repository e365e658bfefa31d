"""The beats that every move of an order shares: lock, check, write, tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import audit, crashes, locks, rows
from core.actors import Actor
from core.errors import Invalid
from marketplace.orders import notices, reads
from marketplace.orders.models import Order, OrderEvent
from marketplace.orders.signals import order_ended, order_moved
from marketplace.orders.states import ENDED, FLOW

LONGEST_REASON = 2_000


def locked(order: Order) -> Order:
    locks.trade(order.trade)
    with locks.refusing_to_wait():
        return reads.locked(order.pk)[0]


def fresh(order: Order) -> Order:
    return reads.by_key(order.pk)


def worded(text: str, field: str = "reason") -> str:
    words = text.strip()
    if not words:
        raise Invalid(field, _("Say in a few words why."))
    if len(words) > LONGEST_REASON:
        raise Invalid(field, _("Say it in at most {most} characters."), most=LONGEST_REASON)
    return words


def move(order: Order, name: str, *, by: str, event: str, actor: Actor, at: datetime, facts: dict[str, Any] | None = None, **changes: Any) -> Order:
    """One guarded update, one line in the timeline, one audit event, the notices, the announcement."""
    before, target = order.state, FLOW.target(order.state, name, by=by)
    if target in ENDED:
        changes["ended_at"] = at
    if order.cancel_due_at is not None:  # whatever happens answers the buyer who asked to cancel
        changes["cancel_due_at"] = None
    trail = audit.event(
        kind="order", reference=order.reference, name=name, actor=actor, at=at,
        reason=str((facts or {}).get("reason", "")), before={"state": before}, after={"state": target},
    )  # fmt: skip
    lines = [*order.__dict__.pop("untold", ()), line(order, event, actor=actor, at=at, facts=facts)]
    moved = rows.move(order, trail, *lines, where={"state": before}, state=target, **changes)
    assert moved, "the trade's lock was not held"
    crashes.point("order.moved")
    announce(order, event, at=at, facts=facts)
    if target in ENDED:
        order_ended.send(sender=Order, order=order, at=at)
    return order


def tell(order: Order, event: str, *, actor: Actor, at: datetime, facts: dict[str, Any] | None = None) -> None:
    rows.insert(line(order, event, actor=actor, at=at, facts=facts))
    announce(order, event, at=at, facts=facts)


def line(order: Order, event: str, *, actor: Actor, at: datetime, facts: dict[str, Any] | None) -> OrderEvent:
    return OrderEvent(order=order, name=event, at=at, actor_kind=actor.kind, actor_reference=actor.reference, facts=facts or {})


def announce(order: Order, event: str, *, at: datetime, facts: dict[str, Any] | None) -> None:
    notices.tell(order=order, event=event, facts=facts or {}, at=at)
    order_moved.send(sender=Order, order=order, event=event, at=at)
