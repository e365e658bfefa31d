"""Agreeing a plan, paying its parts, and what a hold's story means for it. Every verb locks the trade first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, crashes, locks, rows
from core.actors import PROVIDER, SYSTEM, Actor
from core.errors import Invalid, Kind, NotHere, Refusal
from core.jobs import defer
from core.money import Money
from escrow.holds import operations as holds
from escrow.holds import planned
from escrow.holds.models import Hold
from escrow.holds.operations import HoldTerms, PartDraft
from escrow.holds.split import Left
from escrow.holds.states import State as HoldState
from escrow.payments import operations as payments
from escrow.payments.models import Payment
from escrow.plans import following, schedule, signals
from escrow.plans.models import Plan, PlanPart
from escrow.plans.schedule import Due, Terms
from escrow.plans.states import OPEN, PART, PLAN, Late, PartState, PlanState, Ships

PAY_WITHIN = timedelta(minutes=30)
MOST_EXTENSIONS, LONGEST_EXTENSION = 3, 30


class NotYetDue(Refusal):
    code = "part_not_next"
    kind = Kind.CONFLICT
    sentence = _("Pay the earlier parts first.")


class PlanPaused(Refusal):
    code = "plan_paused"
    kind = Kind.CONFLICT
    sentence = _("Nothing is to be paid while an issue is open.")


class NoMoreTime(Refusal):
    code = "no_more_time"
    kind = Kind.CONFLICT
    sentence = _("This date cannot be moved any further: held money must find its end before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What will be paid, by whom to whom, for which lines."""

    trade: str
    buyer: str
    seller: str
    lines: Sequence[PartDraft]
    terms: Terms
    hold_terms: HoldTerms


def first_of(agreement_terms: Terms, *, total: Money, at: datetime) -> Money:
    """What is to be paid now."""
    return Money(schedule.divide(agreement_terms, total_minor=total.amount_minor, at=at)[0].amount_minor, total.currency)


@transaction.atomic
def open(*, agreement: Agreement, payment: Payment, at: datetime, actor: Actor) -> tuple[Plan, Hold]:
    """Write down the plan, and open the hold of its first part, which `payment` will fund."""
    locks.trade(agreement.trade)
    total, terms = sum(line.gross_minor for line in agreement.lines), agreement.terms
    if not schedule.is_possible(terms, total_minor=total, currency=payment.currency):
        raise Invalid("plan", _("This is too little to be paid in parts."))
    plan = rows.insert(
        Plan(
            trade=agreement.trade,
            buyer=agreement.buyer,
            seller=agreement.seller,
            currency=payment.currency,
            total_minor=total,
            kind=terms.kind,
            ships=terms.ships,
            late=terms.late,
            grace_days=terms.grace_days,
            hand_over=agreement.hold_terms.hand_over,
            handling_days=min(agreement.hold_terms.handling_days, 30),
            inspection_days=agreement.hold_terms.inspection,
            agreed_at=at,
        )
    )
    dues = schedule.divide(terms, total_minor=total, at=at)
    parts = rows.insert_many(_part(plan, due, shares) for due, shares in zip(dues, _shares(agreement.lines, dues), strict=True))
    days = _days_to_hand_over(plan, terms)
    hold = _open_hold(plan, parts[0], payment, days, at=at, actor=actor)
    _set(parts[0], PART.target(parts[0].state, "pay", by="buyer"), payment_id=payment.pk, hold_id=hold.pk)
    _note(plan, "agreed", actor=actor, at=at, after=f"{terms.kind} {len(parts)}")
    crashes.point("plan.opened")
    return plan, hold


def _part(plan: Plan, due: Due, shares: list[dict[str, Any]]) -> PlanPart:
    return PlanPart(
        plan=plan,
        position=due.position,
        name=due.name,
        amount_minor=due.amount_minor,
        shares=shares,
        due_at=due.due_at,
        decide_at=due.decide_at,
        remind_at=None if due.position == 1 else schedule.reminders(due.due_at)[0][1],
    )


def _shares(lines: Sequence[PartDraft], dues: Sequence[Due]) -> list[list[dict[str, Any]]]:
    """What each part pays of each line, as the parts of its hold; a line's own discount is told with its first share."""
    wholes = [
        Left(
            gross_minor=line.gross_minor,
            fee_minor=line.commission_minor + line.tax_minor,
            cash_minor=line.cash_minor,
            coupon_minor=line.coupon_minor,
            points_minor=line.points_minor,
            commission_minor=line.commission_minor,
            tax_minor=line.tax_minor,
        )
        for line in lines
    ]
    shares: list[list[dict[str, Any]]] = []
    for pieces in schedule.over_parts(wholes, [due.amount_minor for due in dues]):
        drafts = [
            replace(
                line,
                gross_minor=piece.amount_minor,
                commission_minor=piece.commission_minor,
                tax_minor=piece.tax_minor,
                coupon_minor=piece.coupon_minor,
                points_minor=piece.points_minor,
                discount_minor=0 if shares else line.discount_minor,
            )
            for line, piece in zip(lines, pieces, strict=True)
            if piece.amount_minor
        ]
        shares.append([asdict(draft) for draft in drafts])
    return shares


def _days_to_hand_over(plan: Plan, terms: Terms) -> int:
    """A first part waits for the others where the goods do; a milestone has its own days."""
    if plan.is_milestones:
        return max(plan.handling_days, terms.days)
    return plan.handling_days + (schedule.last_day(terms) if plan.ships == Ships.PAID else 0)


def _open_hold(plan: Plan, part: PlanPart, payment: Payment, days: int, *, at: datetime, actor: Actor) -> Hold:
    return holds.open(
        payment=payment,
        trade=plan.trade,
        buyer=plan.buyer,
        seller=plan.seller,
        parts=[PartDraft(**share) for share in part.shares],
        terms=HoldTerms(handling_days=days, inspection_days=plan.inspection_days, hand_over=plan.hand_over),
        planned=True,
        at=at,
        actor=actor,
    )


@transaction.atomic
def pay(*, part: PlanPart, return_url: str, description: str, at: datetime, actor: Actor) -> Payment:
    """The buyer pays the next part: its own payment and its own hold. Asked again while that payment is open, it is the same one."""
    plan, parts = locked(part.plan_id)
    part = next(one for one in parts if one.pk == part.pk)
    if part.state == PartState.PAYING and part.payment is not None and part.payment.is_open:
        return part.payment
    target = PART.target(part.state, "pay", by="buyer")
    if plan.state != PlanState.RUNNING:
        PLAN.target(plan.state, "fill")
    if any(one.is_unpaid and one.position < part.position for one in parts):
        raise NotYetDue
    if following.is_disputed(parts):
        raise PlanPaused
    shares = [PartDraft(**share) for share in part.shares]
    payment = payments.request(
        trade=plan.trade,
        buyer=plan.buyer,
        amount=Money(sum(share.cash_minor for share in shares), plan.currency),
        snapshot_hash=hashlib.sha256(json.dumps([plan.reference, part.position, part.shares], sort_keys=True).encode()).hexdigest(),
        return_url=return_url,
        expires_at=at + PAY_WITHIN,
        description=description,
        at=at,
        actor=actor,
    )
    hold = _open_hold(plan, part, payment, plan.handling_days, at=at, actor=actor)
    _set(part, target, payment_id=payment.pk, hold_id=hold.pk)
    part.payment, part.hold = payment, hold
    _note(plan, "part_asked", actor=actor, at=at, after=str(part.position))
    crashes.point("plan.part_asked")
    return payment


@transaction.atomic
def extend(*, part: PlanPart, days: int, at: datetime, actor: Actor) -> PlanPart:
    """The seller gives the buyer more time for one part, a few times; the parts already held wait with it."""
    plan, parts = locked(part.plan_id)
    part = next(one for one in parts if one.pk == part.pk)
    if not 1 <= days <= LONGEST_EXTENSION:
        raise Invalid("days", _("Choose between {least} and {most} days."), least=1, most=LONGEST_EXTENSION)
    if plan.state != PlanState.RUNNING:
        PLAN.target(plan.state, "fill")
    target, more = PART.target(part.state, "extend", by="seller"), timedelta(days=days)
    if part.extensions >= MOST_EXTENSIONS:
        raise NoMoreTime
    due_at = max(part.due_at, at) + more
    decide_at = due_at + timedelta(days=plan.grace_days)
    for other in parts:
        if other.state == PartState.HELD and plan.ships == Ships.PAID and other.hold and other.hold.state == HoldState.FUNDED:
            if other.hold.limit_at and decide_at + timedelta(days=plan.handling_days) > other.hold.limit_at:
                raise NoMoreTime
            planned.postpone(hold=other.hold, by=decide_at - part.decide_at, at=at, actor=actor)
    _set(part, target, due_at=due_at, decide_at=decide_at, remind_at=schedule.reminders(due_at)[0][1], extensions=part.extensions + 1)
    _note(plan, "part_extended", actor=actor, at=at, after=f"{part.position}: {due_at.date()}")
    signals.part_extended.send(Plan, plan=plan, part=part, at=at)
    return part


# ── the end of a plan as a whole ──────────────────────────────────────────────────────────────────
@transaction.atomic
def cancel(*, plan: Plan, reason: str, by: str, at: datetime, actor: Actor) -> Plan:
    """No more is asked for, and every part that was paid and not yet handed over goes back."""
    plan, parts = locked(plan.pk)
    _finish(plan, PLAN.target(plan.state, "cancel", by=by), parts, reason=reason, at=at, actor=actor)
    going = _not_handed_over(parts)
    for part in going:
        assert part.hold is not None
        holds.refund(hold=part.hold, reason=reason or by, at=at, actor=actor, by=by)
    if not going:  # else the last of them has told it
        settle(plan, at=at)
    return plan


@transaction.atomic
def miss(*, part: PlanPart, at: datetime) -> Plan:
    """The days of grace are over and nobody spoke: the plan ends, and the terms decide about what was paid and not handed over."""
    plan, parts = locked(part.plan_id)
    part = next(one for one in parts if one.pk == part.pk)
    PART.target(part.state, "drop", by="system")
    _finish(plan, PLAN.target(plan.state, "miss", by="system"), parts, reason="part_missed", at=at, actor=SYSTEM)
    crashes.point("plan.missed")
    going = _not_handed_over(parts)
    for other in going:
        assert other.hold is not None
        if plan.late == Late.FORFEIT and other.position == 1:
            holds.release(hold=other.hold, reason="forfeited", at=at, actor=SYSTEM)
        else:
            holds.refund(hold=other.hold, reason="part_missed", at=at, actor=SYSTEM)
    if not going:
        settle(plan, at=at)
    return plan


def _not_handed_over(parts: Sequence[PlanPart]) -> list[PlanPart]:
    """What a bank examines stays where it is: when the bank has decided, silence gives it back."""
    held = [part for part in parts if part.state == PartState.HELD and part.hold]
    return [part for part in held if part.hold and part.hold.state == HoldState.FUNDED and not part.hold.chargeback_open]


def _finish(plan: Plan, target: str, parts: Sequence[PlanPart], *, reason: str, at: datetime, actor: Actor) -> None:
    rows.update(plan, state=target, ended_at=at)
    for part in parts:
        if part.state == PartState.WAITING:
            _set(part, PART.target(part.state, "drop", by="system"), remind_at=None, ended_at=at)
        elif part.state == PartState.PAYING and part.payment:  # the provider decides: if the money is faster, it goes back by itself
            defer("escrow.plans.jobs.call_off_payment", payment_reference=part.payment.reference)
    _note(plan, target, actor=actor, at=at, reason=reason)
    signals.plan_ended.send(Plan, plan=plan, reason=reason, at=at)


def settle(plan: Plan, *, at: datetime) -> None:
    """When nothing is asked for or held any more, the story is told to its end, once."""
    if PlanPart.objects.filter(plan=plan, state__in=OPEN).exists():
        return
    if plan.state == PlanState.PAID:
        rows.update(plan, state=PLAN.target(plan.state, "finish", by="system"), ended_at=at)
        _note(plan, "finished", actor=SYSTEM, at=at)
    signals.plan_settled.send(Plan, plan=plan, at=at)


# ── what the holds announce ───────────────────────────────────────────────────────────────────────
def mark_held(*, hold: Hold, at: datetime) -> None:
    """A part was paid. Of a plan that ended meanwhile it goes back at once; else it joins the goods where they are."""
    plan, parts, part = _of_hold(hold)
    _set(part, PART.target(part.state, "fund", by="provider"), remind_at=None, paid_at=at)
    part.hold = hold
    if plan.is_over:
        holds.refund(hold=hold, reason="plan_over", at=at, actor=SYSTEM)
        return
    if plan.state == PlanState.AGREED:
        rows.update(plan, state=PLAN.target(plan.state, "begin", by="provider"))
    if not any(one.is_unpaid for one in parts if one.pk != part.pk):
        rows.update(plan, state=PLAN.target(plan.state, "fill", by="provider"))
    _note(plan, "part_held", actor=PROVIDER, at=at, after=str(part.position))
    if part.position > 1:
        signals.part_paid.send(Plan, plan=plan, part=part, at=at)
        following.join(plan, parts, hold, at=at)


def mark_unpaid(*, hold: Hold, at: datetime) -> None:
    """The provider closed the payment of a part: it may be tried again while the plan runs."""
    plan, parts, part = _of_hold(hold)
    if plan.state == PlanState.RUNNING:
        _set(part, PART.target(part.state, "lapse", by="provider"), payment_id=None, hold_id=None)
        return
    _set(part, PART.target(part.state, "drop", by="provider"), remind_at=None, ended_at=at)
    if plan.state == PlanState.AGREED:
        rows.update(plan, state=PLAN.target(plan.state, "expire", by="provider"), ended_at=at)
        for other in parts:
            if other.state == PartState.WAITING:
                _set(other, PART.target(other.state, "drop", by="system"), remind_at=None, ended_at=at)
    else:
        settle(plan, at=at)


def mark_decided(*, hold: Hold, at: datetime) -> None:
    """A part's hold was decided. A part that went back whole before its hand-over ends the plan: the other side did not keep to it."""
    plan, parts, part = _of_hold(hold)
    move = {HoldState.RELEASED: "release", HoldState.REFUNDED: "refund", HoldState.DIVIDED: "divide"}[HoldState(hold.state)]
    _set(part, PART.target(part.state, move, by="system"), ended_at=at)
    signals.part_ended.send(Plan, plan=plan, part=part, at=at)
    if move == "refund" and not plan.is_over and any(one.state in OPEN for one in parts if one.pk != part.pk):
        cancel(plan=plan, reason="part_refunded", by="system", at=at, actor=SYSTEM)
        return
    settle(plan, at=at)


# ── the beats that every move shares ──────────────────────────────────────────────────────────────
def locked(plan_id: int) -> tuple[Plan, list[PlanPart]]:
    """The plan and its parts as they are now, locked after their trade; the parts with their holds and payments."""
    trade = Plan.objects.filter(pk=plan_id).values_list("trade", flat=True).first()
    if trade is None:
        raise NotHere
    locks.trade(trade)
    (plan,) = locks.rows(Plan.objects.filter(pk=plan_id))
    parts = list(PlanPart.objects.filter(plan_id=plan_id).select_related("hold", "payment").order_by("position"))
    for part in parts:
        part.plan = plan
    return plan, parts


def _of_hold(hold: Hold) -> tuple[Plan, list[PlanPart], PlanPart]:
    plan_id = PlanPart.objects.values_list("plan_id", flat=True).get(hold=hold)
    plan, parts = locked(plan_id)
    return plan, parts, next(part for part in parts if part.hold_id == hold.pk)


def _set(part: PlanPart, state: str, **changes: Any) -> None:
    moved = rows.update(part, where={"state": part.state}, state=state, **changes)
    assert moved, "the trade's lock was not held"


def _note(plan: Plan, name: str, *, actor: Actor, at: datetime, reason: str = "", after: str = "") -> None:
    audit.record(kind="plan", reference=plan.reference, name=name, actor=actor, at=at, reason=reason, after=after)
