"""Every move of an order. Doors, timers and signals all come through here; the money moves by asking the order's hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, crashes, locks, references, rows
from core.actors import SYSTEM, Actor
from core.errors import Invalid
from core.money import Money
from core.whole import operation
from escrow.holds import operations as holds
from escrow.late_refunds.operations import Giver
from escrow.models import Hold, Plan
from escrow.plans import following
from marketplace.catalog.stock import operations as stock
from marketplace.orders import guest_links, money, notices, reads
from marketplace.orders.models import Order, OrderEvent, OrderLine
from marketplace.orders.signals import order_ended, order_moved, order_paid
from marketplace.orders.states import BEFORE_HAND_OVER, ENDED, FLOW, OrderState
from vendors.models import Vendor

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class LineDraft:
    variant_id: int
    listing_version_id: int
    title: str
    content_language: str
    options: dict[str, str]
    condition: str
    picture: dict[str, Any]
    quantity: int
    unit_minor: int
    total_minor: int
    tax_bp: int
    tax_minor: int
    commission_minor: int
    reference: str = field(default_factory=references.new)


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """Everything that checkout has computed; orders believe it and keep it."""

    reference: str
    trade: str
    checkout: str
    vendor: Vendor
    hold: Hold
    buyer_party: str
    user: User | None
    buyer_name: str
    email: str
    phone: str
    language: str
    hand_over: str
    delivery: dict[str, Any]
    address: dict[str, Any] | None
    currency: str
    goods_minor: int
    delivery_minor: int
    tax_minor: int
    lines: Sequence[LineDraft]
    plan: Plan | None = None


def place(*, draft: OrderDraft, actor: Actor, at: datetime) -> Order:
    """Write one order of a checkout. The caller holds the trade's lock and has reserved the stock."""
    order = Order(
        reference=draft.reference,
        trade=draft.trade,
        checkout=draft.checkout,
        vendor=draft.vendor,
        hold=draft.hold,
        plan=draft.plan,
        buyer_party=draft.buyer_party,
        user=draft.user,
        guest_key_hash="" if draft.user else _guest_key_hash(draft.reference),
        buyer_name=draft.buyer_name,
        email=draft.email,
        phone=draft.phone,
        language=draft.language,
        hand_over=draft.hand_over,
        delivery=draft.delivery,
        address=draft.address,
        currency=draft.currency,
        goods_minor=draft.goods_minor,
        delivery_minor=draft.delivery_minor,
        tax_minor=draft.tax_minor,
        total_minor=draft.goods_minor + draft.delivery_minor,
        placed_at=at,
    )
    lines = [
        OrderLine(order=order, position=position, **{name: getattr(line, name) for name in LineDraft.__slots__})
        for position, line in enumerate(draft.lines)
    ]
    rows.insert_all(order, *lines, _line(order, "placed", actor=actor, at=at, facts=None))
    _announce(order, "placed", at=at, facts=None)
    return order


def _guest_key_hash(reference: str) -> str:
    """Only the fingerprint is kept; the key is derived again for every mail that carries the link."""
    return references.fingerprint(guest_links.key_of(secret=settings.SECRET_KEY, order=reference))


# ── what people do ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def pack(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = _locked(order)
    return _move(order, "pack", by="seller", event="packed", actor=actor, at=at)


@transaction.atomic
def mark_shipped(*, order: Order, actor: Actor, at: datetime, facts: dict[str, Any]) -> Order:
    """The parcel left. Only fulfilment says so, when it has the parcel's number."""
    order = _locked(order)
    order = _move(order, "ship", by="seller", event="shipped", actor=actor, at=at, facts=facts, shipped_at=at)
    money.ship(order, actor=actor, at=at)
    return order


@transaction.atomic
def deliver(*, order: Order, by: Literal["carrier", "code", "buyer", "staff"], actor: Actor, at: datetime) -> Order:
    """The goods arrived, on the word of anybody but the seller. Starts the hold's inspection clock."""
    order = _locked(order)
    if order.state != OrderState.ISSUE:  # during an issue the hold decides what a delivery still means
        FLOW.target(order.state, "deliver", by="buyer" if by == "code" else by)
    money.deliver(order, by=by, actor=actor, at=at)
    return _fresh(order) if order.plan_id is None else _arrived(order, at)


@operation
def confirm_receipt(*, order: Order, actor: Actor, at: datetime) -> Order:
    locks.trade(order.trade)
    with locks.refusing_to_wait():
        (order,) = reads.locked_with_hold(order.pk)
    if order.state == OrderState.COMPLETED:  # pressed twice: the second press finds the wish fulfilled
        return order
    FLOW.target(order.state, "complete", by="buyer")
    if order.plan_id is not None:
        _tell(order, "confirmed", actor=actor, at=at)
        return _confirm_parts(order, actor=actor, at=at)
    if order.state == OrderState.ISSUE:  # its end is a story of its own, in several moves
        _tell(order, "confirmed", actor=actor, at=at)
        holds.confirm(hold=order.hold, actor=actor, at=at)
        return _fresh(order)
    order.__dict__["untold"] = [_line(order, "confirmed", actor=actor, at=at, facts=None)]  # told with the move that follows from it
    _announce(order, "confirmed", at=at, facts=None)
    reads.put_in_hand(order)
    holds.confirm(hold=order.hold, actor=actor, at=at, in_hand=True)
    return order


def _confirm_parts(order: Order, *, actor: Actor, at: datetime) -> Order:
    """Every part that waits is paid out; parts that are still to be paid follow when they are, and the order ends with the last."""
    assert order.plan is not None
    following.confirm(plan=order.plan, actor=actor, at=at)
    return _arrived(order, at)


def _arrived(order: Order, at: datetime) -> Order:
    order = _fresh(order)
    return mark_delivered(order=order, at=at) if order.state in (*BEFORE_HAND_OVER, OrderState.SHIPPED) else order


@transaction.atomic
def ask_more_time(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = _locked(order)
    money.extend_inspection(order, actor=actor, at=at)
    _tell(order, "more_time", actor=actor, at=at)
    return _fresh(order)


@transaction.atomic
def report_issue(*, order: Order, reason: str, words: str, actor: Actor, at: datetime) -> Order:
    order = _locked(order)
    FLOW.target(order.state, "report", by="buyer")
    money.report(order, reason=reason, words=_reason(words, "words"), actor=actor, at=at)
    return _fresh(order)


@transaction.atomic
def withdraw_issue(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = _locked(order)
    FLOW.target(order.state, f"resume_{order.state_before_issue or OrderState.PAID}", by="buyer")
    money.withdraw(order, actor=actor, at=at)
    return _fresh(order)


@transaction.atomic
def cancel_by_buyer(*, order: Order, reason: str, actor: Actor, at: datetime) -> Order:
    return _cancel(order, by="buyer", reason=reason.strip()[:LONGEST_REASON], restock=True, actor=actor, at=at)


@transaction.atomic
def cancel_by_seller(*, order: Order, reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    """`restock`: whether the goods can be sold again; a seller who cancels has often lost or broken them."""
    return _cancel(order, by="seller", reason=_reason(reason), restock=restock, actor=actor, at=at)


@transaction.atomic
def refund_part(*, order: Order, amount: Money, reason: str, actor: Actor, at: datetime) -> Order:
    """The seller gives back part of what is still held; giving back all of it before the hand-over is a cancellation."""
    order, why = _locked(order), _reason(reason)
    FLOW.target(order.state, "refund", by="seller")
    left = money.left(order)
    if amount.currency != order.currency or amount.amount_minor <= 0:
        raise Invalid("amount", _("Enter an amount above zero in {currency}."), currency=order.currency)
    if amount > left:
        raise holds.MoreThanHeld(field="amount", left=left)
    if amount == left and order.is_before_hand_over:
        return _cancel(order, by="seller", reason=why, restock=False, actor=actor, at=at)
    _tell(order, "part_refunded", actor=actor, at=at, facts={"amount_minor": amount.amount_minor, "reason": why})
    money.give_some_back(order, amount=amount, reason=why, actor=actor, at=at)
    return _fresh(order)


@transaction.atomic
def give_back(*, order: Order, amount: Money, reason: str, actor: Actor, at: datetime, by: Giver = "seller") -> Order:
    """Part of it goes back to the buyer: of what is held, else of what the seller was paid, from their balance or as a debt."""
    order, why = _locked(order), _reason(reason)
    if not order.is_ended:
        return refund_part(order=order, amount=amount, reason=why, actor=actor, at=at)
    if amount.currency != order.currency or amount.amount_minor <= 0:
        raise Invalid("amount", _("Enter an amount above zero in {currency}."), currency=order.currency)
    money.return_some(order, amount=amount, reason=why, by=by, actor=actor, at=at)
    _tell(order, "given_back", actor=actor, at=at, facts={"amount_minor": amount.amount_minor, "reason": why, "by": by})
    return _fresh(order)


@transaction.atomic
def note(*, order: Order, event: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    """Something worth a line in the timeline that moves nothing: ready to be picked up, trouble on the road."""
    _tell(_locked(order), event, actor=actor, at=at, facts=facts)


def note_look(*, order: Order, actor: Actor, at: datetime) -> None:
    """Staff opened the order: looking at a person's address and words leaves a trace."""
    audit.record(kind="order", reference=order.reference, name="looked_at", actor=actor, at=at)


# ── what the hold announces ───────────────────────────────────────────────────────────────────────
def mark_paid(*, order: Order, at: datetime) -> Order:
    order = _move(order, "pay", by="provider", event="paid", actor=SYSTEM, at=at, paid_at=at)
    stock.commit_sale(trade=order.reference, at=at)
    crashes.point("order.sold")
    order_paid.send(sender=Order, order=order, at=at)
    return order


def mark_expired(*, order: Order, at: datetime) -> Order:
    event = "withdrawn" if order.is_withdrawn else "expired"
    order = _move(order, "expire", by="system", event=event, actor=SYSTEM, at=at)
    stock.release(trade=order.reference, at=at)
    return order


def mark_delivered(*, order: Order, at: datetime) -> Order:
    return _move(order, "deliver", by="carrier", event="delivered", actor=SYSTEM, at=at, delivered_at=at)


def mark_released(*, order: Order, at: datetime) -> Order:
    move = "settle_release" if order.state == OrderState.ISSUE else "complete"
    return _move(order, move, by="system", event="completed", actor=SYSTEM, at=at)


def mark_refunded(*, order: Order, amount_minor: int, reason: str, at: datetime) -> Order:
    """All that was held went back. Before the hand-over that is a cancellation, whoever started it."""
    facts = {"amount_minor": amount_minor, "reason": reason}
    if order.state in BEFORE_HAND_OVER:
        return _move(order, "cancel", by="system", event="cancelled_late", actor=SYSTEM, at=at, facts=facts)
    move = "settle_refund" if order.state == OrderState.ISSUE else "refund"
    return _move(order, move, by="system", event="refunded", actor=SYSTEM, at=at, facts=facts)


def mark_issue(*, order: Order, at: datetime, facts: dict[str, Any]) -> Order:
    return _move(
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
    order = _move(order, f"resume_{before}", by="buyer", event="resumed", actor=SYSTEM, at=at, state_before_issue="")
    if order.hold.delivered_at is not None and order.state != OrderState.DELIVERED:
        order = mark_delivered(order=order, at=at)
    return order


def remind(*, order: Order, which: str, at: datetime, facts: dict[str, Any] | None = None) -> None:
    """A reminder moves nothing and leaves no line in the timeline."""
    notices.tell(order=order, event=f"remind_{which}", facts=facts or {}, at=at)


# ── what its plan announces ───────────────────────────────────────────────────────────────────────
def note_part(*, order: Order, event: str, facts: dict[str, Any], at: datetime) -> None:
    """A part was paid, given more time, handed over or decided."""
    _tell(order, event, actor=SYSTEM, at=at, facts=facts)


def end_with_plan(*, order: Order, reason: str, at: datetime) -> None:
    """No more parts are asked for. What was not handed over is cancelled with it; what is under way goes on by its own clocks."""
    event = "plan_missed" if reason == "part_missed" else "cancelled_late"
    facts = {"amount_minor": money.left(order).amount_minor, "reason": "" if event == "plan_missed" else reason}
    if order.is_before_hand_over:
        _move(order, "cancel", by="system", event=event, actor=SYSTEM, at=at, facts=facts)
        stock.put_back(trade=order.reference, at=at, actor=SYSTEM)
    elif event == "plan_missed":
        _tell(order, event, actor=SYSTEM, at=at, facts=facts)


def settle_with_plan(*, order: Order, at: datetime) -> None:
    """Nothing is asked for or held any more: completed when the seller was paid for any of it."""
    paid_out = sum(hold.released_minor for hold in money.holds_of(order))
    if paid_out:
        mark_released(order=order, at=at)
    else:
        mark_refunded(order=order, amount_minor=sum(hold.refunded_minor for hold in money.holds_of(order)), reason="", at=at)


# ── the beats that every move shares ──────────────────────────────────────────────────────────────
def _locked(order: Order) -> Order:
    locks.trade(order.trade)
    with locks.refusing_to_wait():
        return reads.locked(order.pk)[0]


def _fresh(order: Order) -> Order:
    return reads.by_key(order.pk)


def _reason(text: str, name: str = "reason") -> str:
    words = text.strip()
    if not words:
        raise Invalid(name, _("Say in a few words why."))
    if len(words) > LONGEST_REASON:
        raise Invalid(name, _("Say it in at most {most} characters."), most=LONGEST_REASON)
    return words


def _cancel(order: Order, *, by: str, reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    order = _locked(order)
    left = money.left(order)
    facts = {"by": by, "reason": reason, "amount_minor": left.amount_minor}
    order = _move(order, "cancel", by=by, event="cancelled", actor=actor, at=at, facts=facts)
    money.give_all_back(order, reason=reason or by, actor=actor, at=at, by=by)
    if restock:
        stock.put_back(trade=order.reference, at=at, actor=actor)
    return _fresh(order)


def _move(order: Order, move: str, *, by: str, event: str, actor: Actor, at: datetime, facts: dict[str, Any] | None = None, **changes: Any) -> Order:
    """One guarded update, one line in the timeline, one audit event, the notices, the announcement."""
    before, target = order.state, FLOW.target(order.state, move, by=by)
    if target in ENDED:
        changes["ended_at"] = at
    trail = audit.event(
        kind="order", reference=order.reference, name=move, actor=actor, at=at,
        reason=str((facts or {}).get("reason", "")), before={"state": before}, after={"state": target},
    )  # fmt: skip
    lines = [*order.__dict__.pop("untold", ()), _line(order, event, actor=actor, at=at, facts=facts)]
    moved = rows.move(order, trail, *lines, where={"state": before}, state=target, **changes)
    assert moved, "the trade's lock was not held"
    crashes.point("order.moved")
    _announce(order, event, at=at, facts=facts)
    if target in ENDED:
        order_ended.send(sender=Order, order=order, at=at)
    return order


def _tell(order: Order, event: str, *, actor: Actor, at: datetime, facts: dict[str, Any] | None = None) -> None:
    rows.insert(_line(order, event, actor=actor, at=at, facts=facts))
    _announce(order, event, at=at, facts=facts)


def _line(order: Order, event: str, *, actor: Actor, at: datetime, facts: dict[str, Any] | None) -> OrderEvent:
    return OrderEvent(order=order, name=event, at=at, actor_kind=actor.kind, actor_reference=actor.reference, facts=facts or {})


def _announce(order: Order, event: str, *, at: datetime, facts: dict[str, Any] | None) -> None:
    notices.tell(order=order, event=event, facts=facts or {}, at=at)
    order_moved.send(sender=Order, order=order, event=event, at=at)
