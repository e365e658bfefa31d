"""The verbs of held money. Each locks the trade first, checks, writes, leaves an event, announces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.parties.operations import PLATFORM_KEY
from core import crashes, locks, rows
from core.actors import Actor
from core.compiled import compiled
from core.errors import Invalid
from core.money import Money
from core.whole import operation
from escrow.holds import booking, entries, signals, timers
from escrow.holds.issues import divide_issue, open_issue, settle_issue, withdraw_issue
from escrow.holds.models import Hold, HoldEvent, HoldPart, Issue, agreed_in
from escrow.holds.moves import (
    AlreadyExtended,
    DeliveryNotProven,
    HoldFrozen,
    MoreThanHeld,
    locked,
    parts_of,
    portions,
    refuse_frozen,
    side_of,
    turn,
)
from escrow.holds.queries import is_settled
from escrow.holds.returning import await_return, resume_after_return
from escrow.holds.states import FLOW, Evidence, HandOver, State
from escrow.payments import ways
from escrow.payments.models import Payment

__all__ = [
    "AlreadyExtended",
    "DeliveryNotProven",
    "HoldFrozen",
    "HoldTerms",
    "HoldsDisagree",
    "MoreThanHeld",
    "PartDraft",
    "await_return",
    "close",
    "confirm",
    "divide_issue",
    "expire",
    "extend_inspection",
    "fund",
    "mark_delivered",
    "mark_shipped",
    "open",
    "open_issue",
    "refund",
    "release",
    "resume_after_return",
    "settle_issue",
    "withdraw_issue",
]


class HoldsDisagree(Exception):
    """The holds of a payment do not add up to it: a programming mistake, so the money stays where it is and people are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """One line of the trade, or its delivery, as agreed. What coupons and points do not pay, the buyer pays in cash.

    A discount names its funder. The platform's (`coupon_minor`) is money that we add. The seller's (`discount_minor`) has already been taken
    off `gross_minor`: the seller earns less, the commission is of the lower price, and a refund gives the seller nothing back but that sale.
    """

    line: str
    gross_minor: int
    commission_minor: int = 0
    tax_minor: int = 0
    coupon_minor: int = 0
    coupon_funder: str = ""
    points_minor: int = 0
    discount_minor: int = 0

    @property
    def cash_minor(self) -> int:
        """What the buyer pays for it."""
        return self.gross_minor - self.coupon_minor - self.points_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """How long each side has."""

    handling_days: int = 2
    inspection_days: int | None = None
    hand_over: str = HandOver.PARCEL

    @property
    def inspection(self) -> int:
        """The agreed or usual days, kept within what the market allows."""
        least, most = timers.INSPECTION_RANGE[self.hand_over]
        return min(max(self.inspection_days or timers.INSPECTION_DAYS[self.hand_over], least), most)


@operation
def open(
    *,
    payment: Payment,
    trade: str,
    buyer: str,
    seller: str,
    parts: Sequence[PartDraft],
    terms: HoldTerms,
    at: datetime,
    actor: Actor,
    planned: bool = False,
) -> Hold:
    """Agree what will be held when the payment arrives. Amounts and commission freeze here.

    `planned`: one part of a plan, which may have to wait for the others before anything is handed over.
    """
    locks.trade(trade)
    _refuse_wrong(parts)
    gross = sum(part.gross_minor for part in parts)
    deadline = timers.until_payment(payment.expires_at)
    hold = Hold(
        trade=trade,
        payment=payment,
        buyer=buyer,
        seller=seller,
        currency=payment.currency,
        gross_minor=gross,
        cash_minor=sum(part.cash_minor for part in parts),
        hand_over=terms.hand_over,
        handling_days=terms.handling_days if planned else min(terms.handling_days, 30),
        inspection_days=terms.inspection,
        planned=planned,
        opened_at=at,
        due_at=deadline.due_at,
        due_move=deadline.due_move,
    )
    made = [HoldPart(hold=hold, cash_minor=part.cash_minor, **{name: getattr(part, name) for name in PartDraft.__slots__}) for part in parts]
    opened = HoldEvent.about(hold, "open", actor=actor, at=at, before="", amount_minor=gross, entry=agreed_in(made))
    rows.insert_all(hold, *made, opened)
    if points := sum(part.points_minor for part in parts):
        entries.write([entries.set_points_aside(hold, points)], actor=actor, at=at)
    return hold


def _refuse_wrong(parts: Sequence[PartDraft]) -> None:
    if not parts or min(part.gross_minor for part in parts) <= 0 or min(part.cash_minor for part in parts) < 0:
        raise Invalid("parts", _("Every line needs an amount above zero."))
    if any(part.coupon_minor and part.coupon_funder != PLATFORM_KEY for part in parts):
        raise Invalid("parts", _("A coupon is money of the platform. What a seller takes off lowers the price instead."))


@operation
def fund(*, payment: Payment, at: datetime, actor: Actor) -> list[Hold]:
    """The payment succeeded: every waiting hold of it is funded, one entry each."""
    locks.trade(payment.trade)
    with locks.refusing_to_wait():
        holds = _waiting_for(payment.pk)
    if any(hold.trade != payment.trade for hold in holds):
        raise HoldsDisagree(f"{payment.reference}: a hold of another trade waits for it")
    if holds and sum(hold.cash_minor for hold in holds) != payment.amount_minor:
        raise HoldsDisagree(f"{payment.reference}: {[hold.cash_minor for hold in holds]} for {payment.amount_minor}")
    for hold in holds:
        entry = entries.fund(hold, parts_of(hold), provider=payment.provider, payment=payment.reference)
        entries.write([entry], actor=actor, at=at)
        crashes.point("hold.fund_booked")
        limit_at = timers.limit_of(days=ways.longest_hold_of(provider=payment.provider, method=payment.method), paid_at=at)
        turn(
            hold,
            "fund",
            to=FLOW.target(hold.state, "fund", by="provider"),
            actor=actor,
            at=at,
            deadline=timers.after_funding(at=at, handling_days=hold.handling_days, limit_at=limit_at),
            facts={"amount_minor": hold.gross_minor, "entry": entry.key},
            funded_at=at,
            limit_at=limit_at,
            steps=hold.steps + 1,
        )
        crashes.point("hold.funded")
        signals.hold_funded.send(Hold, hold=hold, at=at)
    return holds


@compiled
def _waiting_for(payment_id: int) -> QuerySet[Hold]:
    return Hold.objects.filter(payment_id=payment_id, state=State.PENDING).order_by("pk").select_for_update(of=("self",))


@transaction.atomic
def expire(*, hold: Hold, at: datetime, actor: Actor) -> Hold:
    """The provider says that nobody can pay any more."""
    hold = locked(hold)
    target = FLOW.target(hold.state, "expire", by=side_of(actor))
    turn(hold, "expire", to=target, actor=actor, at=at, due_at=None, due_move="", ended_at=at)
    points = sum(part.points_minor for part in parts_of(hold)) if hold.cash_minor < hold.gross_minor else 0
    if points:
        entries.write([entries.bring_points_back(hold, points)], actor=actor, at=at)
    signals.hold_expired.send(Hold, hold=hold, at=at)
    return hold


@transaction.atomic
def mark_shipped(*, hold: Hold, at: datetime, actor: Actor) -> Hold:
    """The goods left the seller."""
    hold = locked(hold)
    refuse_frozen(hold)
    target = FLOW.target(hold.state, "ship", by="seller")
    turn(hold, "ship", to=target, actor=actor, at=at, deadline=timers.after_shipping(at=at, limit_at=hold.limit_at), shipped_at=at)
    signals.hold_shipped.send(Hold, hold=hold, at=at)
    return hold


@transaction.atomic
def mark_delivered(*, hold: Hold, by: str, at: datetime, actor: Actor) -> Hold:
    """The goods arrived, and somebody other than the seller says so: the inspection begins.

    During an issue that opened by itself the delivery ends it; during the buyer's own issue it is only noted.
    """
    hold = locked(hold)
    _refuse_unproven(hold, by=by, actor=actor)
    if hold.chargeback_open:
        raise HoldFrozen
    if hold.state == State.DISPUTED:
        return _delivered_in_dispute(hold, by=by, at=at, actor=actor)
    side = "buyer" if by == Evidence.CODE else by
    turn(
        hold,
        "deliver",
        to=FLOW.target(hold.state, "deliver", by=side),
        actor=actor,
        at=at,
        deadline=timers.after_delivery(at=at, inspection_days=hold.inspection_days, limit_at=hold.limit_at),
        facts={"reason": by},
        delivered_at=at,
        delivered_by=by,
    )
    signals.hold_delivered.send(Hold, hold=hold, at=at)
    return hold


def _refuse_unproven(hold: Hold, *, by: str, actor: Actor) -> None:
    kinds = {
        Evidence.CARRIER: {"carrier", "system"},
        Evidence.CODE: {"user", "guest", "staff", "system"},
        Evidence.BUYER: {"user", "guest"},
        Evidence.STAFF: {"staff"},
    }
    if by not in kinds or actor.kind not in kinds[Evidence(by)] or (by == Evidence.BUYER and actor.reference == hold.seller):
        raise DeliveryNotProven


def _delivered_in_dispute(hold: Hold, *, by: str, at: datetime, actor: Actor) -> Hold:
    issue = Issue.objects.get(hold=hold, resolved_at__isnull=True)
    if hold.delivered_at is not None:
        return hold
    inspection = timedelta(days=hold.inspection_days)
    turn(
        hold,
        "deliver",
        to=State.DISPUTED,
        actor=actor,
        at=at,
        facts={"reason": by},
        delivered_at=at,
        delivered_by=by,
        frozen_from=State.DELIVERED,
        frozen_left=inspection,
    )
    if issue.automatic:
        hold = withdraw_issue(hold=hold, at=at, actor=actor)
        signals.hold_delivered.send(Hold, hold=hold, at=at)
    return hold


@transaction.atomic
def extend_inspection(*, hold: Hold, at: datetime, actor: Actor) -> Hold:
    """The buyer asks for a week more, once."""
    hold = locked(hold)
    refuse_frozen(hold)
    target = FLOW.target(hold.state, "extend", by="buyer")
    if hold.extended_at is not None:
        raise AlreadyExtended
    assert hold.due_at is not None
    turn(
        hold,
        "extend",
        to=target,
        actor=actor,
        at=at,
        deadline=timers.extended(at=at, due_at=hold.due_at, limit_at=hold.limit_at),
        extended_at=at,
    )
    signals.hold_extended.send(Hold, hold=hold, at=at)
    return hold


@operation
def confirm(*, hold: Hold, at: datetime, actor: Actor, in_hand: bool = False) -> Hold:
    """The buyer has the goods and is content: everything left goes to the seller. An open issue of theirs ends with it.

    `in_hand`: the caller has locked the trade and then the hold, and gives it as it was read then.
    """
    hold = hold if in_hand else locked(hold)
    if hold.chargeback_open:
        raise HoldFrozen
    if hold.state == State.DISPUTED:
        hold = withdraw_issue(hold=hold, at=at, actor=actor)
    target = FLOW.target(hold.state, "release", by="buyer")
    if hold.state == State.FUNDED and hold.hand_over == HandOver.PARCEL:
        target = FLOW.target(hold.state, "confirm unsent")  # nobody confirms a parcel that was never sent
    assert target == State.RELEASED
    booking.pay_rest([hold], reason="confirmed", actor=actor, at=at)
    return hold


@transaction.atomic
def release(
    *,
    hold: Hold,
    amount: Money | None = None,
    parts: Mapping[str, int] | Sequence[str] | None = None,
    reason: str = "",
    at: datetime,
    actor: Actor,
    by: str | None = None,
) -> Hold:
    """Pay the seller: everything left, an amount, or some parts."""
    hold = locked(hold)
    refuse_frozen(hold)
    target = FLOW.target(hold.state, "release", by=by or side_of(actor))
    if amount is None and not parts:
        booking.pay_rest([hold], reason=reason, actor=actor, at=at)
        return hold
    return booking.pay_some(hold, portions(hold, amount=amount, lines=parts), to=target, reason=reason, actor=actor, at=at)


@transaction.atomic
def refund(
    *,
    hold: Hold,
    amount: Money | None = None,
    parts: Mapping[str, int] | Sequence[str] | None = None,
    reason: str,
    at: datetime,
    actor: Actor,
    by: str | None = None,
) -> Hold:
    """Give back to the buyer, before release: everything left, an amount, or some parts. The buyer's own cancel is whole and before shipment."""
    hold = locked(hold)
    refuse_frozen(hold)
    side = by or side_of(actor)
    if side == "buyer":
        amount = parts = None
    target = FLOW.target(hold.state, "cancel" if side == "buyer" else "refund", by=side)
    return booking.give_back(hold, portions(hold, amount=amount, lines=parts), to=target, reason=reason, actor=actor, at=at)


@transaction.atomic
def close(*, hold: Hold, at: datetime, actor: Actor) -> bool:
    """Thirty days after the end: closed when it is empty and its refunds arrived, else looked at again tomorrow."""
    hold = locked(hold)
    target = FLOW.target(hold.state, "close", by="system")
    if not is_settled(hold):
        later = timers.closing_again(at=at)
        Hold.objects.filter(pk=hold.pk).update(due_at=later.due_at)
        return False
    turn(hold, "close", to=target, actor=actor, at=at, due_at=None, due_move="", remind_at=None)
    signals.hold_closed.send(Hold, hold=hold, at=at)
    return True
