"""What every move of a return shares: lock, turn with one guarded update, leave an event, let the money wait or run on, tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import locks, rows
from core.actors import Actor
from core.errors import Busy, Invalid, Kind, NotHere, Refusal
from escrow.models import Hold
from marketplace.orders import money as order_money
from marketplace.orders.models import Order
from marketplace.returns import clocks, money, notices, shares, signals
from marketplace.returns.models import Return, ReturnEvent
from marketplace.returns.states import FLOW

LONGEST_WORDS = 2_000


class NothingLeft(Refusal):
    code = "nothing_left_to_return"
    kind = Kind.CONFLICT
    sentence = _("Everything that was paid for this has already gone back.")


def locked(asked: Return) -> Return:
    """The return as it is now, locked: its trade first, then its row."""
    locks.trade(asked.order.trade)
    with locks.refusing_to_wait():
        rows_found = Return.objects.select_related("order__vendor", "order__user", "order__hold").select_for_update(of=("self",))
        found = rows_found.filter(pk=asked.pk).first()
    if found is None:
        raise NotHere
    return found


def amounts_of(asked: Return) -> dict[str, int]:
    """What was asked for, by the parts of the holds."""
    return dict(asked.lines.order_by("id").values_list("part", "amount_minor"))


def turn(
    asked: Return,
    move: str,
    *,
    by: str,
    at: datetime,
    actor: Actor,
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> Return:
    """Write the move and its event, give the next clock, let the order's money wait for it, and tell the other side."""
    before, target = asked.state, FLOW.target(asked.state, move, by=by)
    due_at, due_move = clocks.deadline(target, at=at)
    if due_at is None:
        changes["ended_at"] = at
    event = ReturnEvent(
        asked=asked, name=move, at=at, actor_kind=actor.kind, actor_reference=actor.reference, before=before, after=target, facts=facts or {}
    )
    where = {"state": before}
    if not rows.move(asked, event, where=where, state=target, due_at=due_at, due_move=due_move, retry_at=None, **changes):
        raise Busy
    keep_clocks(asked.order, at=at, actor=actor)
    notices.tell(asked, move, by=by, at=at)
    signals.return_moved.send(Return, asked=asked, name=move, at=at)
    return asked


def keep_clocks(order: Order, *, at: datetime, actor: Actor) -> None:
    """The money waits for the last of the order's returns, and no longer."""
    due = [moment for moment in Return.objects.open().filter(order=order).order_by().values_list("due_at", flat=True) if moment]
    order.hold = Hold.objects.get(pk=order.hold_id)  # a refund of the same story may have moved it
    if due:
        money.wait(order, until=max(clocks.wall(max(due)), at), at=at, actor=actor)
    elif any(hold.return_left is not None for hold in order_money.holds_of(order)):
        money.resume(order, at=at, actor=actor)


def pay_back(asked: Return, *, reason: str, by: str, at: datetime, actor: Actor) -> int:
    """What was agreed goes back, or what of it is still there: a refund of another kind or a bank may have been quicker."""
    wanted = shares.after_deduction(amounts_of(asked), asked.deduction_minor)
    return money.give_back(asked.order, wanted=wanted, reason=reason, by=by, at=at, actor=actor)


def worded(field: str, words: str, *, needed: bool) -> str:
    """The words as they are kept."""
    text = words.strip()
    if needed and not text:
        raise Invalid(field, _("Say in a few words why."))
    if len(text) > LONGEST_WORDS:
        raise Invalid(field, _("Say it in at most {most} characters."), most=LONGEST_WORDS)
    return text
