"""The parts in which an order is paid, for pages and machines: what each is called, who must do what by when, and what silence does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.money import Money
from escrow.holds.states import State as HoldState
from escrow.models import Hold, PlanPart
from escrow.plans import queries as plans
from escrow.plans.operations import MOST_EXTENSIONS
from escrow.plans.queries import PartStep
from escrow.plans.states import Kind, PartState, PlanState
from marketplace.orders.models import Order

Viewer = Literal["buyer", "seller", "staff"]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as a person sees it."""

    reference: str
    position: int
    title: str
    amount: Money
    state: str
    state_words: str
    due_at: datetime
    next_action: str
    who: str
    decides_at: datetime | None
    words: str
    what_happens_if_silent: str
    hold: str
    actions: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        return self.decides_at is None


def title_of(kind: str, position: int, count: int, name: str) -> str:
    """How people call this part."""
    if kind == Kind.DEPOSIT:
        return pgettext("payment plan", "Deposit") if position == 1 else pgettext("payment plan", "Balance")
    return name or _("Part {number} of {count}").format(number=position, count=count)


def steps(order: Order, at: datetime) -> list[PartStep]:
    """What every part waits for; the parts are read once for a page."""
    if order.plan is None:
        return []
    if "parts_read" not in order.__dict__:
        order.__dict__["parts_read"] = list(plans.parts_of(order.plan))
    return plans.steps(order.__dict__["parts_read"], at)


def rows(order: Order, viewer: Viewer, at: datetime) -> list[PartRow]:
    """The parts in their order; none when it is paid at once."""
    found = steps(order, at)
    return [_row(order, step, len(found), viewer) for step in found]


def _row(order: Order, step: PartStep, count: int, viewer: Viewer) -> PartRow:
    part = step.part
    return PartRow(
        reference=part.reference,
        position=part.position,
        title=title_of(part.plan.kind, part.position, count, part.name),
        amount=part.amount,
        state=part.state,
        state_words=str(PartState(part.state).label),
        due_at=part.due_at,
        next_action=step.next_action,
        who=step.who,
        decides_at=step.due_at,
        words=str(step.sentence),
        what_happens_if_silent=str(step.what_happens_if_silent),
        hold=part.hold.reference if part.hold else "",
        actions=tuple(_actions(order, step, viewer)),
    )


def _actions(order: Order, step: PartStep, viewer: Viewer) -> list[str]:
    part, hold = step.part, step.part.hold
    held = hold.state if part.plan.is_milestones and part.state == PartState.HELD and hold else ""
    if viewer == "buyer":
        possible = {
            "pay": step.can_pay and part.position > 1,
            "receive": held == HoldState.SHIPPED,
            "confirm": held in (HoldState.SHIPPED, HoldState.DELIVERED) or (held == HoldState.FUNDED and order.is_pickup),
        }
    elif viewer == "seller":
        possible = {
            "extend": part.state == PartState.WAITING and part.plan.state == PlanState.RUNNING and part.extensions < MOST_EXTENSIONS,
            "hand_over": held == HoldState.FUNDED,
        }
    else:
        possible = {}
    return [name for name, is_possible in possible.items() if is_possible]


def may_do(order: Order, action: str, at: datetime) -> bool:
    """Whether what the order's flow allows is also allowed by its plan and the money that is there."""
    found = steps(order, at)
    if order.plan is None or not found:
        return True
    holds: list[Hold] = [step.part.hold for step in found if step.part.hold and step.part.state == PartState.HELD]
    if action in ("ship", "pack", "hand_over"):
        return order.plan.may_ship
    if action == "confirm":
        return order.plan.may_ship and any(hold.state != HoldState.DISPUTED for hold in holds)
    if action == "more_time":
        return any(hold.state == HoldState.DELIVERED and hold.extended_at is None for hold in holds)
    return bool(holds) or action == "cancel"


def describe(order: Order, part: PlanPart, count: int) -> str:
    """What the bank's page says."""
    return f"{order.number}: {title_of(part.plan.kind, part.position, count, part.name)}"
