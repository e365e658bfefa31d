"""The money of an order, held in one piece or in the parts of a plan: each verb goes to wherever it is. Asks nothing more when there is no plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.actors import Actor
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import queries as held
from escrow.late_refunds import operations as late_refunds
from escrow.late_refunds import queries as late
from escrow.late_refunds.operations import Giver
from escrow.models import Hold, Plan
from escrow.plans import following
from escrow.plans import operations as plans
from escrow.plans import queries as planned
from marketplace.orders.models import Order


def holds_of(order: Order) -> list[Hold]:
    """Every piece of money that was paid for this order, the first one first."""
    return [order.hold] if order.plan_id is None else planned.holds_of(_plan(order))


def left(order: Order) -> Money:
    """What is held and undecided."""
    return order.hold.left if order.plan_id is None else planned.left(_plan(order))


def ship(order: Order, *, actor: Actor, at: datetime) -> None:
    """The goods left."""
    if order.plan_id is None:
        holds.mark_shipped(hold=order.hold, actor=actor, at=at)
    else:
        following.ship(plan=_plan(order), actor=actor, at=at)


def deliver(order: Order, *, by: str, actor: Actor, at: datetime) -> None:
    """The goods arrived."""
    if order.plan_id is None:
        holds.mark_delivered(hold=order.hold, by=by, actor=actor, at=at)
    else:
        following.deliver(plan=_plan(order), by=by, actor=actor, at=at)


def extend_inspection(order: Order, *, actor: Actor, at: datetime) -> None:
    """A week more to look at the goods."""
    if order.plan_id is None:
        holds.extend_inspection(hold=order.hold, actor=actor, at=at)
    else:
        following.extend_inspection(plan=_plan(order), actor=actor, at=at)


def report(order: Order, *, reason: str, words: str, actor: Actor, at: datetime) -> None:
    """Something is wrong: everything that waits is frozen."""
    if order.plan_id is None:
        holds.open_issue(hold=order.hold, reason=reason, words=words, actor=actor, at=at)
    else:
        following.report(plan=_plan(order), reason=reason, words=words, actor=actor, at=at)


def withdraw(order: Order, *, actor: Actor, at: datetime) -> None:
    """The buyer is content after all."""
    if order.plan_id is None:
        holds.withdraw_issue(hold=order.hold, actor=actor, at=at)
    else:
        following.withdraw(plan=_plan(order), actor=actor, at=at)


def give_all_back(order: Order, *, reason: str, by: str, actor: Actor, at: datetime) -> None:
    """The order is cancelled: nothing more is asked for, and what was paid goes back."""
    if order.plan_id is None:
        holds.refund(hold=order.hold, reason=reason, actor=actor, at=at, by=by)
    else:
        plans.cancel(plan=_plan(order), reason=reason, actor=actor, at=at, by=by)


def give_some_back(order: Order, *, amount: Money, reason: str, actor: Actor, at: datetime) -> None:
    """The seller gives back some of what is held."""
    if order.plan_id is None:
        holds.refund(hold=order.hold, amount=amount, reason=reason, actor=actor, at=at, by="seller")
    else:
        following.refund(plan=_plan(order), amount=amount, reason=reason, actor=actor, at=at, by="seller")


def give_lines_back(order: Order, *, lines: Mapping[str, int], reason: str, actor: Actor, at: datetime) -> None:
    """The seller gives back so much of these lines, of what is held in one piece."""
    holds.refund(hold=order.hold, parts=lines, reason=reason, actor=actor, at=at, by="seller")


def with_seller(order: Order) -> Money:
    """What the seller was paid for this order, fees included, and has not given back."""
    return Money.total((late.with_seller(hold) for hold in holds_of(order)), order.currency)


def return_some(order: Order, *, amount: Money, reason: str, by: Giver, actor: Actor, at: datetime) -> None:
    """Back from what the seller was paid, the latest part first."""
    rest = amount.amount_minor
    for hold in reversed(holds_of(order)):
        if share := min(rest, late.with_seller(hold).amount_minor):
            late_refunds.give_back(hold=hold, amount=Money(share, amount.currency), reason=reason, by=by, actor=actor, at=at)
            rest -= share
    if rest:
        raise late_refunds.MoreThanReleased(field="amount", left=amount - Money(rest, amount.currency))


def given_back_by_line(order: Order) -> dict[str, int]:
    """What went back to the buyer's side of each line, from all that was paid for it, in minor units."""
    back: dict[str, int] = {}
    for hold in holds_of(order):
        for line, minor in held.given_back_by_line(hold).items():
            back[line] = back.get(line, 0) + minor
    return back


def _plan(order: Order) -> Plan:
    assert order.plan is not None
    return order.plan
