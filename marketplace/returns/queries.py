"""Reads about returns: what may come back, on which terms, and who must do what by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import OrderState
from marketplace.returns import clocks
from marketplace.returns.models import Return, ReturnEvent, ReturnLine
from marketplace.returns.states import CAME_TO_NOTHING, ReturnState
from vendors.models import Vendor
from vendors.policies.models import ReturnsPaidBy

Words = str | Promise
S = ReturnState


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms an order's things may come back."""

    of_right: bool
    paid_by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A line, and how many of it may still be sent back."""

    line: OrderLine
    left: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a return waits for: `next_action` and `if_silent` are codes, the sentences are for people."""

    next_action: str
    who: str
    due_at: datetime | None
    if_silent: str
    sentence: Words
    what_happens_if_silent: Words


_ACTIONS: dict[str, tuple[str, str, Words]] = {
    S.REQUESTED: ("answer", "seller", _("The seller says where to send it.")),
    S.APPROVED: ("send", "buyer", _("Send it back and write the tracking number here.")),
    S.SENT: ("receive", "seller", _("The seller looks at it when it arrives.")),
    S.ARRIVED: ("receive", "seller", _("The seller looks at what came back.")),
    S.DEDUCTED: ("settle", "buyer", _("Accept what the seller keeps, or object.")),
    S.OBJECTED: ("rule", "staff", _("Our team reads both sides and decides.")),
    S.REPLACING: ("ship", "seller", _("The seller sends the replacement.")),
    S.REPLACED: ("finish", "buyer", _("Confirm when the replacement is there.")),
}
_SILENCE: dict[str, Words] = {
    "approve": _("The return goes to the shop's address, or the buyer keeps it and gets the money."),
    "decline": _("The return is refused."),
    "lapse": _("The return ends, and the order goes on where it stopped."),
    "accept": _("The buyer gets the money."),
    "settle": _("The buyer gets the money less the deduction."),
    "rule": _("The buyer gets the money less the deduction."),
    "fall_back": _("The buyer gets the money instead."),
    "finish": _("The exchange is done."),
}
_BUYER: dict[ReturnState, tuple[str, ...]] = {
    S.REQUESTED: ("withdraw",),
    S.APPROVED: ("send", "withdraw"),
    S.SENT: ("arrive",),
    S.DEDUCTED: ("settle", "protest"),
    S.REPLACED: ("finish", "protest"),
}
_SELLER: dict[ReturnState, tuple[str, ...]] = {
    S.REQUESTED: ("approve", "decline", "waive"),
    S.APPROVED: ("waive",),
    S.SENT: ("accept", "deduct"),
    S.ARRIVED: ("accept", "deduct"),
    S.REPLACING: ("ship", "fall_back"),
}
_STAFF: dict[ReturnState, tuple[str, ...]] = {S.OBJECTED: ("rule",)}


def next_step(asked: Return) -> Step | None:
    """Who must do what by when, and what silence does; None after the end."""
    if asked.state not in _ACTIONS:
        return None
    action, who, sentence = _ACTIONS[asked.state]
    return Step(action, who, asked.due_at, asked.due_move, sentence, _SILENCE[asked.due_move])


def actions_of(asked: Return, side: str) -> tuple[str, ...]:
    """What this side may do now."""
    found = {"buyer": _BUYER, "seller": _SELLER, "staff": _STAFF}[side].get(ReturnState(asked.state), ())
    return tuple(action for action in found if not (action == "decline" and asked.of_right))


def terms_of(order: Order, at: datetime) -> Terms | None:
    """The terms as they were promised at the sale; None when nothing may come back any more."""
    arrived = order.delivered_at or order.ended_at
    if order.state not in (OrderState.DELIVERED, OrderState.COMPLETED) or arrived is None:
        return None
    first = order.lines.select_related("listing_version").order_by("position").first()
    body = first.listing_version.body if first else {}
    promise, is_business = body.get("policy", {}), body.get("vendor", {}).get("kind") == "business"
    days = clocks.days_of_right(is_business=is_business, promised_days=int(promise.get("returns_days", 0)))
    if not clocks.may_be_asked(delivered_at=arrived, at=at, days=days):
        return None
    of_right = clocks.is_of_right(delivered_at=arrived, at=at, days=days)
    until = arrived + timedelta(days=days if of_right else clocks.CONSENT_DAYS)
    return Terms(of_right=of_right, paid_by=str(promise.get("returns_paid_by", ReturnsPaidBy.BUYER)), until=until)


def gone_of(order: Order, lines: Iterable[OrderLine]) -> dict[str, int]:
    """How many of each line cannot be sent back: never delivered, or in a return that did not come to nothing."""
    found = ReturnLine.objects.filter(asked__order=order, order_line__isnull=False).exclude(asked__state__in=CAME_TO_NOTHING)
    returned = dict(found.order_by().values_list("part").annotate(total=Sum("quantity")).values_list("part", "total"))
    return {line.reference: line.cancelled + returned.get(line.reference, 0) for line in lines}


def choices_of(order: Order) -> list[Choice]:
    """What may still be sent back of this order."""
    lines = order.lines.all()
    gone = gone_of(order, lines)
    return [Choice(line, left) for line in lines if (left := line.quantity - gone[line.reference]) > 0]


def of_order(order: Order) -> QuerySet[Return]:
    """All returns of an order, the newest first."""
    return Return.objects.with_everything().filter(order=order)


def of_buyer(user: User) -> QuerySet[Return]:
    """A person's returns, the newest first."""
    return Return.objects.with_everything().filter(order__user=user)


def of_shop(vendor: Vendor, *, which: str = "") -> QuerySet[Return]:
    """A shop's returns: all, those that wait for the shop, or those that ended."""
    found = Return.objects.with_everything().filter(order__vendor=vendor)
    if which == "to_do":
        return found.filter(state__in=tuple(_SELLER)).order_by("due_at")
    return found.open() if which == "open" else found.exclude(due_at__isnull=False) if which == "ended" else found


def for_desk(*, waiting: bool = False) -> QuerySet[Return]:
    """Every return, the newest first; or those that wait for our team, whose clock ends first."""
    found = Return.objects.with_everything()
    return found.filter(state=S.OBJECTED).order_by("due_at", "id") if waiting else found


def story_of(asked: Return) -> QuerySet[ReturnEvent]:
    """What happened, in order."""
    return asked.events.all()
