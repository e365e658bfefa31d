"""Reads about plans: the parts of an order's money, and what each of them waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Money
from escrow.holds import queries as holds
from escrow.holds.models import Hold
from escrow.plans.models import Plan, PlanPart
from escrow.plans.states import OPEN, Late, PartState, PlanState

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PartStep:
    """One part, and who must do what about it by when; `if_silent` is a code, the sentences are for people."""

    part: PlanPart
    next_action: str
    who: str
    due_at: datetime | None
    if_silent: str
    sentence: Words
    what_happens_if_silent: Words
    can_pay: bool = False


def of_trade(trade: str) -> QuerySet[Plan]:
    """The plans of a trade."""
    return Plan.objects.filter(trade=trade).order_by("id")


def parts_of(plan: Plan) -> QuerySet[PlanPart]:
    """With the plan, their holds and their payments, in one question."""
    return PlanPart.objects.filter(plan=plan).select_related("plan", "hold", "payment").order_by("position")


def plan_of(hold: Hold) -> Plan | None:
    """The plan whose part this hold is."""
    return Plan.objects.filter(parts__hold=hold).first() if hold.planned else None


def holds_of(plan: Plan) -> list[Hold]:
    """The money of the parts that were paid, in order."""
    return [part.hold for part in parts_of(plan) if part.hold and not part.is_unpaid and part.state != PartState.DROPPED]


def is_disputed(plan: Plan) -> bool:
    """Whether an issue freezes one of its parts."""
    return PlanPart.objects.filter(plan=plan, hold__state="disputed").exists()


def released(plan: Plan) -> Money:
    """What went to the seller so far, from all parts."""
    return Money(sum(hold.released_minor for hold in holds_of(plan)), plan.currency)


def left(plan: Plan) -> Money:
    """What is held and undecided, in all parts."""
    return Money(sum(hold.left_minor for hold in holds_of(plan)), plan.currency)


def steps(parts: list[PlanPart], at: datetime) -> list[PartStep]:
    """What each part waits for."""
    first = next((part.pk for part in parts if part.is_unpaid), None)
    frozen = any(part.hold and part.state == PartState.HELD and part.hold.is_frozen for part in parts)
    return [_step(part, is_next=part.pk == first, frozen=frozen, at=at) for part in parts]


def next_step(steps_of_parts: list[PartStep]) -> PartStep | None:
    """The one that is due first; None when nothing is open."""
    waiting = [step for step in steps_of_parts if step.part.state in OPEN and step.due_at]
    return min(waiting, key=lambda step: step.due_at.timestamp() if step.due_at else 0, default=None)


def _step(part: PlanPart, *, is_next: bool, frozen: bool, at: datetime) -> PartStep:
    if part.state == PartState.HELD and part.hold:
        step = holds.next_step(part.hold, at)
        return PartStep(part, step.next_action, step.who, step.due_at, step.if_silent, step.sentence, step.what_happens_if_silent)
    if part.is_unpaid and not part.plan.is_over:
        may = is_next and not frozen and part.plan.state == PlanState.RUNNING
        sentence = _("Pay this part.") if may else _("Nothing is to be paid while an issue is open.") if frozen else _("Pay the earlier parts first.")
        return PartStep(part, "pay" if may else "wait", "buyer", part.decide_at, "miss", sentence, _silence(part.plan), can_pay=may)
    return PartStep(part, "", "nobody", None, "", _("Nothing is left to do."), "")


def _silence(plan: Plan) -> Words:
    if plan.late == Late.FORFEIT:
        return _("The plan ends: the seller keeps the deposit, unless the goods were handed over before; other parts that wait go back.")
    return _("The plan ends: every part that waits and was not handed over goes back to the buyer.")
