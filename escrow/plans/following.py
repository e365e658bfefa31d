"""How the held parts of one plan follow the goods: handed over, delivered, confirmed, and complained about together; a milestone by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import SYSTEM, Actor
from core.errors import Kind, Refusal
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import planned, split
from escrow.holds.models import Hold
from escrow.holds.states import UNDECIDED
from escrow.holds.states import State as HoldState
from escrow.plans import signals
from escrow.plans.models import Plan, PlanPart
from escrow.plans.states import PartState


class BalanceDue(Refusal):
    code = "balance_due"
    kind = Kind.CONFLICT
    sentence = _("The terms say that everything is paid first: hand the goods over when the last part is there.")


class NotAMilestone(Refusal):
    code = "not_a_milestone"
    kind = Kind.CONFLICT
    sentence = _("The parts of this plan are handed over and confirmed together.")


def held_of(plan: Plan, *states: str) -> list[Hold]:
    """The holds of this plan in these states, in the order of its parts, as they are now; the trade is locked by the caller."""
    locks.trade(plan.trade)
    parts = PlanPart.objects.filter(plan=plan, state=PartState.HELD, hold__state__in=states).select_related("hold").order_by("position")
    return [part.hold for part in parts if part.hold]


def is_disputed(parts: Sequence[PlanPart]) -> bool:
    """Whether an issue freezes one of them."""
    return any(part.state == PartState.HELD and part.hold and part.hold.is_frozen for part in parts)


# ── the goods ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def ship(*, plan: Plan, at: datetime, actor: Actor) -> None:
    """The goods left the seller, when the terms allow it."""
    _refuse_early(plan)
    for hold in held_of(plan, HoldState.FUNDED):
        holds.mark_shipped(hold=hold, at=at, actor=actor)


@transaction.atomic
def deliver(*, plan: Plan, by: str, at: datetime, actor: Actor) -> None:
    """The goods arrived: every held part is inspected with them."""
    _refuse_early(plan)
    for hold in held_of(plan, HoldState.FUNDED, HoldState.SHIPPED, HoldState.DISPUTED):
        holds.mark_delivered(hold=hold, by=by, at=at, actor=actor)


@transaction.atomic
def confirm(*, plan: Plan, at: datetime, actor: Actor) -> None:
    """The buyer has the goods and is content: every held part goes to the seller; parts paid later follow at once."""
    _refuse_early(plan)
    for hold in held_of(plan, *UNDECIDED, HoldState.DISPUTED):
        holds.confirm(hold=hold, at=at, actor=actor)


@transaction.atomic
def extend_inspection(*, plan: Plan, at: datetime, actor: Actor) -> None:
    for hold in held_of(plan, HoldState.DELIVERED):
        holds.extend_inspection(hold=hold, at=at, actor=actor)


@transaction.atomic
def report(*, plan: Plan, reason: str, words: str, at: datetime, actor: Actor) -> None:
    """Something is wrong with the goods: every held part is frozen."""
    for hold in held_of(plan, *UNDECIDED):
        holds.open_issue(hold=hold, reason=reason, words=words, at=at, actor=actor)


@transaction.atomic
def withdraw(*, plan: Plan, at: datetime, actor: Actor) -> None:
    for hold in held_of(plan, HoldState.DISPUTED):
        holds.withdraw_issue(hold=hold, at=at, actor=actor)


@transaction.atomic
def refund(*, plan: Plan, amount: Money, reason: str, at: datetime, actor: Actor, by: str) -> None:
    """The seller gives back some of what is held, from every held part in proportion."""
    found = held_of(plan, *UNDECIDED)
    left = [hold.left_minor for hold in found]
    if amount.amount_minor > sum(left):
        raise holds.MoreThanHeld(field="amount", left=Money(sum(left), plan.currency))
    for hold, minor in zip(found, split.spread(amount.amount_minor, left), strict=True):
        if minor:
            holds.refund(hold=hold, amount=Money(minor, plan.currency), reason=reason, at=at, actor=actor, by=by)


def _refuse_early(plan: Plan) -> None:
    locks.trade(plan.trade)
    plan.refresh_from_db()
    if not plan.may_ship and not plan.is_over:
        raise BalanceDue


def join(plan: Plan, parts: Sequence[PlanPart], hold: Hold, *, at: datetime) -> None:
    """A part that is paid after the goods left stands where the first part stands; after they were confirmed it is paid out at once."""
    first = next((part.hold for part in parts if part.position == 1), None)
    if plan.is_milestones or first is None:
        return
    if first.state in (HoldState.RELEASED, HoldState.CLOSED, HoldState.DIVIDED):
        holds.release(hold=hold, reason="goods_confirmed", at=at, actor=SYSTEM)
    elif first.shipped_at is not None or first.delivered_at is not None:
        planned.follow(hold=hold, first=first, at=at, actor=SYSTEM)


# ── one milestone ─────────────────────────────────────────────────────────────────────────────────
def _milestone(part: PlanPart) -> tuple[PlanPart, Hold]:
    locks.trade(part.plan.trade)
    part = PlanPart.objects.select_related("plan", "hold").get(pk=part.pk)
    if not part.plan.is_milestones:
        raise NotAMilestone
    if part.state != PartState.HELD or part.hold is None:
        raise BalanceDue
    return part, part.hold


@transaction.atomic
def hand_over(*, part: PlanPart, at: datetime, actor: Actor) -> None:
    """The seller says that this milestone is reached; the buyer looks at it. The seller's word starts no inspection."""
    part, hold = _milestone(part)
    holds.mark_shipped(hold=hold, at=at, actor=actor)
    _note(part, "handed_over", at=at, actor=actor)
    signals.part_handed_over.send(Plan, plan=part.plan, part=part, at=at)


@transaction.atomic
def receive(*, part: PlanPart, at: datetime, actor: Actor) -> None:
    """The buyer has it and looks at it: the inspection of this milestone begins."""
    part, hold = _milestone(part)
    holds.mark_delivered(hold=hold, by="buyer", at=at, actor=actor)
    _note(part, "received", at=at, actor=actor)


@transaction.atomic
def confirm_part(*, part: PlanPart, at: datetime, actor: Actor) -> None:
    """The buyer is content with this milestone: its part is paid out."""
    part, hold = _milestone(part)
    _note(part, "confirmed", at=at, actor=actor)
    holds.confirm(hold=hold, at=at, actor=actor)


def _note(part: PlanPart, name: str, *, at: datetime, actor: Actor) -> None:
    audit.record(kind="plan", reference=part.plan.reference, name=f"part_{name}", actor=actor, at=at, after=str(part.position))
