"""How orders react to their hold. Every signal comes inside the trade's lock, in the hold's own transaction."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core import locks
from core.actors import Actor
from core.sql import fetch
from escrow.chargebacks.signals import chargeback_lost, chargeback_opened, chargeback_reminder_due, chargeback_won
from escrow.disputes.queries import Step
from escrow.disputes.signals import dispute_moved, dispute_reminder_due
from escrow.holds.signals import (
    hold_delivered,
    hold_disputed,
    hold_expired,
    hold_funded,
    hold_refunded,
    hold_released,
    hold_reminder_due,
    hold_undisputed,
)
from escrow.late_refunds.signals import given_by_staff
from escrow.models import Chargeback, Dispute, Hold, Issue, Plan, PlanPart
from escrow.plans import queries as plans
from escrow.plans.signals import part_ended, part_extended, part_handed_over, part_paid, part_reminder_due, plan_ended, plan_settled
from escrow.plans.states import PartState
from marketplace.orders import moves, news, notices, reads
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState


def order_of(hold: Hold) -> Order | None:
    """The order that waits for this hold, locked; None for holds of other trades, which cost next to nothing."""
    if order := reads.in_hand(hold):
        return order
    with locks.refusing_to_wait():
        found = _of_part(hold) if hold.planned else reads.locked_of_hold(hold.pk)
    for order in found:
        if order.hold_id == hold.pk:
            order.hold = hold
        return order
    return None


def _of_part(hold: Hold) -> list[Order]:
    return [reads.of_hold_with_shop(key) for (key,) in fetch(BY_PART, [hold.pk])]


def order_of_plan(plan: Plan) -> Order | None:
    """The order that is paid in these parts, locked."""
    with locks.refusing_to_wait():
        order = Order.objects.filter(plan=plan).select_related("vendor", "user", "hold").order_by().select_for_update(of=("self",)).first()
    if order is not None:
        order.plan = plan
    return order


BY_PART = "SELECT id FROM marketplace_order WHERE plan_id = (SELECT plan_id FROM escrow_planpart WHERE hold_id = %s) FOR UPDATE"


@receiver(hold_funded)
def mark_order_paid_when_hold_funded(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state == OrderState.AWAITING_PAYMENT:  # later parts of a plan are told by the plan
        news.mark_paid(order=order, at=at)


@receiver(hold_expired)
def expire_order_when_hold_expired(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state == OrderState.AWAITING_PAYMENT:
        news.mark_expired(order=order, at=at)


@receiver(hold_delivered)
def mark_order_delivered_when_hold_delivered(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = None if hold.planned else order_of(hold)
    if order and order.state not in (OrderState.DELIVERED, OrderState.ISSUE):
        news.mark_delivered(order=order, at=at)


@receiver(hold_released)
def complete_order_when_hold_released(hold: Hold, at: datetime, final: bool, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.plan_id is not None:
        _resume_when_calm(order, at)
    elif order and final and not order.is_ended:
        news.mark_released(order=order, at=at)


@receiver(hold_refunded)
def end_order_when_hold_refunded(hold: Hold, amount_minor: int, at: datetime, final: bool, reason: str = "", **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.plan_id is not None:
        _resume_when_calm(order, at)
    elif order and final and not order.is_ended:
        news.mark_refunded(order=order, amount_minor=amount_minor, reason=reason, at=at)


@receiver(hold_disputed)
def mark_order_issue_when_hold_disputed(hold: Hold, issue: Issue, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state != OrderState.ISSUE:
        news.mark_issue(order=order, at=at, facts={"reason": issue.reason, "automatic": issue.automatic})


@receiver(hold_undisputed)
def resume_order_when_hold_undisputed(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.plan_id is not None:
        _resume_when_calm(order, at)
    elif order and order.state == OrderState.ISSUE:
        news.resume(order=order, at=at)


def _resume_when_calm(order: Order, at: datetime) -> None:
    """An issue of a plan is over with the last of its parts that was frozen."""
    if order.state == OrderState.ISSUE and order.plan is not None and not plans.is_disputed(order.plan):
        news.resume(order=order, at=at)


@receiver(hold_reminder_due)
def remind_when_hold_reminder_due(hold: Hold, which: str, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.hold_id == hold.pk:
        news.remind(order=order, which=which, at=at)


@receiver(chargeback_opened)
def tell_seller_when_chargeback_opened(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_opened", at)


@receiver(chargeback_reminder_due)
def tell_seller_when_chargeback_reminder_due(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_reminder_due", at)


@receiver(chargeback_won)
def tell_seller_when_chargeback_won(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_won", at)


@receiver(chargeback_lost)
def tell_seller_when_chargeback_lost(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_lost", at)


def _tell_sellers(chargeback: Chargeback, event: str, at: datetime) -> None:
    for share in chargeback.shares.select_related("hold"):
        if order := order_of(share.hold):
            facts = {"amount_minor": share.amount_minor, "once": f"{chargeback.reference}:{chargeback.state}"}
            notices.tell(order=order, event=event, facts=facts, at=at)


# ── disputes ──────────────────────────────────────────────────────────────────────────────────────
# What is told about a dispute's moves. Its beginning and its end are told as the order's own.
TOLD = {"rule": "ruled", "approve": "ruled", "rule_appeal": "final", "rule_appeal_return": "final", "ask_return": "return"}
TO_THE_OTHER = ("proposal", "note", "exhibit", "appeal", "ship_back", "object", "late_appeal")
TO_BOTH = ("escalate", "late_ruling", "late_lapse")
OTHER = {"buyer": ("seller",), "seller": ("buyer",)}


@receiver(dispute_moved)
def tell_when_dispute_moved(dispute: Dispute, name: str, side: str, at: datetime, **_kwargs: Any) -> None:
    if name not in (*TOLD, *TO_THE_OTHER, *TO_BOTH) or (order := order_of(dispute.hold)) is None:
        return
    to = OTHER.get(side, tuple(OTHER)) if name in TO_THE_OTHER else tuple(OTHER)
    facts: dict[str, Any] = {"until": (dispute.due_at or at).isoformat(), "once": f"{dispute.reference}:{at.isoformat()}"}
    if name == "proposal" and (offer := dispute.proposals.last()):
        facts |= {"amount_minor": offer.to_buyer_minor, "until": offer.expires_at.isoformat()}
    elif name == "late_ruling":
        facts["amount_minor"] = dispute.late_appeal.more_minor
    elif name in ("note", "exhibit"):
        facts["once"] = f"{dispute.reference}:{side}:{at:%Y-%m-%dT%H}"  # one letter an hour, however much is written
    notices.tell(order=order, event=f"dispute_{TOLD.get(name, name)}", facts=facts, at=at, page=notices.DISPUTE, to=to)


@receiver(given_by_staff)
def note_when_given_by_staff(hold: Hold, amount_minor: int, reason: str, actor: Actor, at: datetime, **_kwargs: Any) -> None:
    """A line in the timeline, and a notice to both."""
    if order := order_of(hold):
        facts = {"amount_minor": amount_minor, "reason": reason, "by": "staff"}
        moves.tell(order, "given_back_by_us", actor=actor, at=at, facts=facts)


@receiver(dispute_reminder_due)
def remind_when_dispute_reminder_due(dispute: Dispute, step: Step, at: datetime, **_kwargs: Any) -> None:
    """Whoever has to do something; both, where both may."""
    if (order := order_of(dispute.hold)) is None or step.due_at is None:
        return
    until = step.due_at.isoformat()
    facts = {"until": until, "step": step.sentence, "silence": step.what_happens_if_silent, "once": f"{dispute.reference}:{until}"}
    to = (step.who,) if step.who in OTHER else tuple(OTHER)
    notices.tell(order=order, event="dispute_remind", facts=facts, at=at, page=notices.DISPUTE, to=to)


# ── plans ─────────────────────────────────────────────────────────────────────────────────────────
def _told(part: PlanPart) -> dict[str, Any]:
    return {
        "part": part.position,
        "name": part.name,
        "amount_minor": part.amount_minor,
        "due": part.due_at.isoformat(),
        "until": part.decide_at.isoformat(),
        "once": f"{part.reference}:{part.extensions}",
    }


@receiver(part_paid)
def note_when_part_paid(plan: Plan, part: PlanPart, at: datetime, **_kwargs: Any) -> None:
    if order := order_of_plan(plan):
        news.note_part(order=order, event="part_paid", facts=_told(part), at=at)


@receiver(part_extended)
def note_when_part_extended(plan: Plan, part: PlanPart, at: datetime, **_kwargs: Any) -> None:
    if order := order_of_plan(plan):
        news.note_part(order=order, event="part_extended", facts=_told(part), at=at)


@receiver(part_handed_over)
def note_when_part_handed_over(plan: Plan, part: PlanPart, at: datetime, **_kwargs: Any) -> None:
    if order := order_of_plan(plan):
        news.note_part(order=order, event="part_handed_over", facts=_told(part), at=at)


@receiver(part_ended)
def note_when_part_ended(plan: Plan, part: PlanPart, at: datetime, **_kwargs: Any) -> None:
    order = order_of_plan(plan)
    if order and part.state == PartState.RELEASED:
        news.note_part(order=order, event="part_released", facts=_told(part), at=at)


@receiver(part_reminder_due)
def remind_when_part_reminder_due(plan: Plan, part: PlanPart, which: str, at: datetime, **_kwargs: Any) -> None:
    if order := order_of_plan(plan):
        news.remind(order=order, which=f"part_{which}", facts=_told(part), at=at)


@receiver(plan_ended)
def end_order_when_plan_ended(plan: Plan, reason: str, at: datetime, **_kwargs: Any) -> None:
    order = order_of_plan(plan)
    if order and not order.is_ended:
        news.end_with_plan(order=order, reason=reason, at=at)


@receiver(plan_settled)
def end_order_when_plan_settled(plan: Plan, at: datetime, **_kwargs: Any) -> None:
    order = order_of_plan(plan)
    if order and not order.is_ended:
        news.settle_with_plan(order=order, at=at)
