"""Every move of an order. Doors, timers and signals all come through here; the money moves by asking the order's hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, locks, references, rows
from core.actors import Actor
from core.errors import Invalid
from core.money import Money
from core.whole import operation
from escrow.holds import operations as holds
from escrow.late_refunds.operations import Giver
from escrow.models import Hold, Plan
from escrow.plans import following
from marketplace.orders import cancelling, guest_links, money, moves, news, reads
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import BEFORE_HAND_OVER, FLOW, OrderState
from vendors.models import Vendor


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
    rows.insert_all(order, *lines, moves.line(order, "placed", actor=actor, at=at, facts=None))
    moves.announce(order, "placed", at=at, facts=None)
    return order


def _guest_key_hash(reference: str) -> str:
    """Only the fingerprint is kept; the key is derived again for every mail that carries the link."""
    return references.fingerprint(guest_links.key_of(secret=settings.SECRET_KEY, order=reference))


# ── what people do ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def pack(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = moves.locked(order)
    return moves.move(order, "pack", by="seller", event="packed", actor=actor, at=at)


@transaction.atomic
def mark_shipped(*, order: Order, actor: Actor, at: datetime, facts: dict[str, Any]) -> Order:
    """The parcel left. Only fulfilment says so, when it has the parcel's number."""
    order = moves.locked(order)
    order = moves.move(order, "ship", by="seller", event="shipped", actor=actor, at=at, facts=facts, shipped_at=at)
    money.ship(order, actor=actor, at=at)
    return order


@transaction.atomic
def deliver(*, order: Order, by: Literal["carrier", "code", "buyer", "staff"], actor: Actor, at: datetime) -> Order:
    """The goods arrived, on the word of anybody but the seller. Starts the hold's inspection clock."""
    order = moves.locked(order)
    if order.state != OrderState.ISSUE:  # during an issue the hold decides what a delivery still means
        FLOW.target(order.state, "deliver", by="buyer" if by == "code" else by)
    money.deliver(order, by=by, actor=actor, at=at)
    return moves.fresh(order) if order.plan_id is None else _arrived(order, at)


@operation
def confirm_receipt(*, order: Order, actor: Actor, at: datetime) -> Order:
    locks.trade(order.trade)
    with locks.refusing_to_wait():
        (order,) = reads.locked_with_hold(order.pk)
    if order.state == OrderState.COMPLETED:  # pressed twice: the second press finds the wish fulfilled
        return order
    FLOW.target(order.state, "complete", by="buyer")
    if order.plan_id is not None:
        moves.tell(order, "confirmed", actor=actor, at=at)
        return _confirm_parts(order, actor=actor, at=at)
    if order.state == OrderState.ISSUE:  # its end is a story of its own, in several moves
        moves.tell(order, "confirmed", actor=actor, at=at)
        holds.confirm(hold=order.hold, actor=actor, at=at)
        return moves.fresh(order)
    order.__dict__["untold"] = [moves.line(order, "confirmed", actor=actor, at=at, facts=None)]  # told with the move that follows from it
    moves.announce(order, "confirmed", at=at, facts=None)
    reads.put_in_hand(order)
    holds.confirm(hold=order.hold, actor=actor, at=at, in_hand=True)
    return order


def _confirm_parts(order: Order, *, actor: Actor, at: datetime) -> Order:
    """Every part that waits is paid out; parts that are still to be paid follow when they are, and the order ends with the last."""
    assert order.plan is not None
    following.confirm(plan=order.plan, actor=actor, at=at)
    return _arrived(order, at)


def _arrived(order: Order, at: datetime) -> Order:
    order = moves.fresh(order)
    return news.mark_delivered(order=order, at=at) if order.state in (*BEFORE_HAND_OVER, OrderState.SHIPPED) else order


@transaction.atomic
def ask_more_time(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = moves.locked(order)
    money.extend_inspection(order, actor=actor, at=at)
    moves.tell(order, "more_time", actor=actor, at=at)
    return moves.fresh(order)


@transaction.atomic
def report_issue(*, order: Order, reason: str, words: str, actor: Actor, at: datetime) -> Order:
    order = moves.locked(order)
    FLOW.target(order.state, "report", by="buyer")
    money.report(order, reason=reason, words=moves.worded(words, "words"), actor=actor, at=at)
    return moves.fresh(order)


@transaction.atomic
def withdraw_issue(*, order: Order, actor: Actor, at: datetime) -> Order:
    order = moves.locked(order)
    FLOW.target(order.state, f"resume_{order.state_before_issue or OrderState.PAID}", by="buyer")
    money.withdraw(order, actor=actor, at=at)
    return moves.fresh(order)


@transaction.atomic
def cancel_by_buyer(*, order: Order, reason: str, actor: Actor, at: datetime) -> Order:
    """At once while nothing is packed; from then on the seller is asked."""
    order, why = moves.locked(order), reason.strip()[: moves.LONGEST_REASON]
    if order.state == OrderState.PACKED:
        return cancelling.ask(order=order, reason=why, actor=actor, at=at)
    return cancelling.whole(order=order, by="buyer", reason=why, restock=True, actor=actor, at=at)


@transaction.atomic
def withdraw_cancellation(*, order: Order, actor: Actor, at: datetime) -> Order:
    """The buyer, who asked to cancel, wants it after all."""
    return cancelling.take_back(order=moves.locked(order), actor=actor, at=at)


@transaction.atomic
def agree_to_cancellation(*, order: Order, actor: Actor, at: datetime) -> Order:
    """The seller agrees with the buyer who asked to cancel."""
    return cancelling.agree(order=moves.locked(order), actor=actor, at=at)


@transaction.atomic
def decide_unanswered_cancellation(*, order: Order, at: datetime) -> Order:
    """The seller's time to answer is over."""
    return cancelling.decide_unanswered(order=moves.locked(order), at=at)


@transaction.atomic
def cancel_by_seller(*, order: Order, reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    """`restock`: whether the goods can be sold again; a seller who cancels has often lost or broken them."""
    return cancelling.whole(order=moves.locked(order), by="seller", reason=moves.worded(reason), restock=restock, actor=actor, at=at)


@transaction.atomic
def cancel_part(*, order: Order, quantities: Mapping[str, int], reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    """The seller cannot deliver so many of these lines: their money goes back, the order goes on with the rest."""
    why = moves.worded(reason)
    return cancelling.some(order=moves.locked(order), quantities=quantities, reason=why, restock=restock, actor=actor, at=at)


@transaction.atomic
def refund_part(*, order: Order, amount: Money, reason: str, actor: Actor, at: datetime) -> Order:
    """The seller gives back part of what is still held; giving back all of it before the hand-over is a cancellation."""
    order, why = moves.locked(order), moves.worded(reason)
    FLOW.target(order.state, "refund", by="seller")
    left = money.left(order)
    if amount.currency != order.currency or amount.amount_minor <= 0:
        raise Invalid("amount", _("Enter an amount above zero in {currency}."), currency=order.currency)
    if amount > left:
        raise holds.MoreThanHeld(field="amount", left=left)
    if amount == left and order.is_before_hand_over:
        return cancelling.whole(order=order, by="seller", reason=why, restock=False, actor=actor, at=at)
    moves.tell(order, "part_refunded", actor=actor, at=at, facts={"amount_minor": amount.amount_minor, "reason": why})
    money.give_some_back(order, amount=amount, reason=why, actor=actor, at=at)
    return moves.fresh(order)


@transaction.atomic
def give_back(*, order: Order, amount: Money, reason: str, actor: Actor, at: datetime, by: Giver = "seller") -> Order:
    """Part of it goes back to the buyer: of what is held, else of what the seller was paid, from their balance or as a debt."""
    order, why = moves.locked(order), moves.worded(reason)
    if not order.is_ended:
        return refund_part(order=order, amount=amount, reason=why, actor=actor, at=at)
    if amount.currency != order.currency or amount.amount_minor <= 0:
        raise Invalid("amount", _("Enter an amount above zero in {currency}."), currency=order.currency)
    money.return_some(order, amount=amount, reason=why, by=by, actor=actor, at=at)
    moves.tell(order, "given_back", actor=actor, at=at, facts={"amount_minor": amount.amount_minor, "reason": why, "by": by})
    return moves.fresh(order)


@transaction.atomic
def note(*, order: Order, event: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    """Something worth a line in the timeline that moves nothing: ready to be picked up, trouble on the road."""
    moves.tell(moves.locked(order), event, actor=actor, at=at, facts=facts)


def note_look(*, order: Order, actor: Actor, at: datetime) -> None:
    """Staff opened the order: looking at a person's address and words leaves a trace."""
    audit.record(kind="order", reference=order.reference, name="looked_at", actor=actor, at=at)
