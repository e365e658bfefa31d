"""What an order hears: its held money and its plan announce, and it moves with them. Only receivers come through here; they hold the trade's lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import crashes
from core.actors import SYSTEM
from marketplace.catalog.stock import operations as stock
from marketplace.orders import money, moves, notices
from marketplace.orders.models import Order
from marketplace.orders.signals import order_paid
from marketplace.orders.states import BEFORE_HAND_OVER, OrderState


# ── what the hold announces ───────────────────────────────────────────────────────────────────────
def mark_paid(*, order: Order, at: datetime) -> Order:
    order = moves.move(order, "pay", by="provider", event="paid", actor=SYSTEM, at=at, paid_at=at)
    stock.commit_sale(trade=order.reference, at=at)
    crashes.point("order.sold")
    order_paid.send(sender=Order, order=order, at=at)
    return order


def mark_expired(*, order: Order, at: datetime) -> Order:
    event = "withdrawn" if order.is_withdrawn else "expired"
    order = moves.move(order, "expire", by="system", event=event, actor=SYSTEM, at=at)
    stock.release(trade=order.reference, at=at)
    return order


def mark_delivered(*, order: Order, at: datetime) -> Order:
    return moves.move(order, "deliver", by="carrier", event="delivered", actor=SYSTEM, at=at, delivered_at=at)


def mark_released(*, order: Order, at: datetime) -> Order:
    move = "settle_release" if order.state == OrderState.ISSUE else "complete"
    return moves.move(order, move, by="system", event="completed", actor=SYSTEM, at=at)


def mark_refunded(*, order: Order, amount_minor: int, reason: str, at: datetime) -> Order:
    """All that was held went back. Before the hand-over that is a cancellation, whoever started it."""
    facts = {"amount_minor": amount_minor, "reason": reason}
    if order.state in BEFORE_HAND_OVER:
        return moves.move(order, "cancel", by="system", event="cancelled_late", actor=SYSTEM, at=at, facts=facts)
    move = "settle_refund" if order.state == OrderState.ISSUE else "refund"
    return moves.move(order, move, by="system", event="refunded", actor=SYSTEM, at=at, facts=facts)


def mark_issue(*, order: Order, at: datetime, facts: dict[str, Any]) -> Order:
    return moves.move(
        order,
        "report",
        by="system" if facts.get("automatic") else "buyer",
        event="issue",
        actor=SYSTEM,
        at=at,
        facts=facts,
        state_before_issue=order.state,
    )


def resume(*, order: Order, at: datetime) -> Order:
    """The issue is closed without a decision; what arrived meanwhile has arrived."""
    before = order.state_before_issue or OrderState.PAID
    order = moves.move(order, f"resume_{before}", by="buyer", event="resumed", actor=SYSTEM, at=at, state_before_issue="")
    if order.hold.delivered_at is not None and order.state != OrderState.DELIVERED:
        order = mark_delivered(order=order, at=at)
    return order


def remind(*, order: Order, which: str, at: datetime, facts: dict[str, Any] | None = None) -> None:
    """A reminder moves nothing and leaves no line in the timeline."""
    notices.tell(order=order, event=f"remind_{which}", facts=facts or {}, at=at)


# ── what its plan announces ───────────────────────────────────────────────────────────────────────
def note_part(*, order: Order, event: str, facts: dict[str, Any], at: datetime) -> None:
    """A part was paid, given more time, handed over or decided."""
    moves.tell(order, event, actor=SYSTEM, at=at, facts=facts)


def end_with_plan(*, order: Order, reason: str, at: datetime) -> None:
    """No more parts are asked for. What was not handed over is cancelled with it; what is under way goes on by its own clocks."""
    event = "plan_missed" if reason == "part_missed" else "cancelled_late"
    facts = {"amount_minor": money.left(order).amount_minor, "reason": "" if event == "plan_missed" else reason}
    if order.is_before_hand_over:
        moves.move(order, "cancel", by="system", event=event, actor=SYSTEM, at=at, facts=facts)
        stock.put_back(trade=order.reference, at=at, actor=SYSTEM)
    elif event == "plan_missed":
        moves.tell(order, event, actor=SYSTEM, at=at, facts=facts)


def settle_with_plan(*, order: Order, at: datetime) -> None:
    """Nothing is asked for or held any more: completed when the seller was paid for any of it."""
    paid_out = sum(hold.released_minor for hold in money.holds_of(order))
    if paid_out:
        mark_released(order=order, at=at)
    else:
        mark_refunded(order=order, amount_minor=sum(hold.refunded_minor for hold in money.holds_of(order)), reason="", at=at)
