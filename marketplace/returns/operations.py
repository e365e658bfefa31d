"""The verbs of a return. Each locks the trade first, then checks, writes, moves money, tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.addresses import rules
from accounts.addresses.rules import AddressData
from core import crashes, locks
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Kind, Refusal
from core.money import Money
from marketplace.catalog.stock import operations as stock
from marketplace.orders import operations as orders
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import OrderState
from marketplace.returns import clocks, exchanges, money, notices, queries, shares, signals
from marketplace.returns.models import Return, ReturnEvent, ReturnLine
from marketplace.returns.moves import NothingLeft, keep_clocks, locked, pay_back, turn, worded
from marketplace.returns.states import FLOW, SELLERS_FAULT, ReturnReason, ReturnState, Wish
from vendors.policies.models import ReturnsPaidBy

LONGEST_ADDRESS = 500
LONGEST_NUMBER = 60


class NotReturnable(Refusal):
    code = "not_returnable"
    kind = Kind.CONFLICT
    sentence = _("Only what has arrived can be sent back. If it never arrived, report an issue instead.")


class ReturnWindowOver(Refusal):
    code = "return_window_over"
    kind = Kind.CONFLICT
    sentence = _("The time in which this could be sent back is over.")


class AlreadyReturning(Refusal):
    code = "already_returning"
    kind = Kind.CONFLICT
    sentence = _("Of “{title}” {left} more can be sent back. Look at the returns that you have asked for.")


class CannotRefuse(Refusal):
    code = "return_of_right"
    kind = Kind.CONFLICT
    sentence = _("The buyer has a right to this return. Say where to send it, or let the buyer keep it and give the money back.")


@transaction.atomic
def ask(
    *,
    order: Order,
    quantities: Mapping[str, int],
    reason: str,
    words: str = "",
    wish: str = Wish.REFUND,
    variant: str = "",
    at: datetime,
    actor: Actor,
) -> Return:
    """The buyer wants to send these lines back. `variant`: which one they want instead."""
    locks.trade(order.trade)
    order = Order.objects.select_related("vendor", "user", "hold").select_for_update(of=("self",)).get(pk=order.pk)
    terms = _allowed(order, at)
    if reason not in ReturnReason.values:
        raise Invalid("reason", _("Choose one of the reasons."))
    if wish not in Wish.values:
        raise Invalid("wish", _("Choose what you want instead."))
    text = worded("words", words, needed=reason == ReturnReason.OTHER)
    money.refuse_stopped(order)
    lines = _lines(order, quantities, whole_delivery=terms.of_right)
    instead = exchanges.chosen(lines, variant=variant, at=at) if wish == Wish.EXCHANGE else None
    due_at, due_move = clocks.deadline(ReturnState.REQUESTED, at=at, of_right=terms.of_right)
    asked = Return.objects.create(
        order=order,
        of_right=terms.of_right,
        wish=wish,
        exchange_variant=instead,
        reason=reason,
        words=text,
        paid_by=ReturnsPaidBy.SELLER if reason in SELLERS_FAULT else terms.paid_by,
        currency=order.currency,
        amount_minor=sum(line.amount_minor for line in lines),
        asked_at=at,
        due_at=due_at,
        due_move=due_move,
    )
    for line in lines:
        line.asked = asked
    ReturnLine.objects.bulk_create(lines)
    ReturnEvent.objects.create(asked=asked, name="ask", at=at, actor_kind=actor.kind, actor_reference=actor.reference, after=asked.state)
    keep_clocks(order, at=at, actor=actor)
    notices.tell(asked, "ask", by="buyer", at=at)
    signals.return_moved.send(Return, asked=asked, name="ask", at=at)
    return asked


def _allowed(order: Order, at: datetime) -> queries.Terms:
    if order.state not in (OrderState.DELIVERED, OrderState.COMPLETED):
        raise NotReturnable
    terms = queries.terms_of(order, at)
    if terms is None:
        raise ReturnWindowOver
    return terms


def _lines(order: Order, quantities: Mapping[str, int], *, whole_delivery: bool) -> list[ReturnLine]:
    """What is asked for, each with the money that belongs to it. All of the goods, by right, bring their delivery back with them."""
    known = {line.reference: line for line in order.lines.select_related("variant__listing")}
    gone = queries.gone_of(order, known.values())
    paid, there = money.paid_for(order), money.still_there(order)
    lines = []
    for reference, quantity in quantities.items():
        line = known.get(reference)
        if line is None:
            raise Invalid("lines", _("There is no such line in this order."))
        if type(quantity) is not int or quantity < 0:
            raise Invalid("lines", _("Write how many as a whole number."))
        if quantity:
            lines.append(_line(line, quantity, gone=gone.get(reference, 0), paid_minor=paid.get(reference, 0), there_minor=there.get(reference, 0)))
    if not lines:
        raise Invalid("lines", _("Choose what you want to send back."))
    asked = {line.part: line.quantity for line in lines}
    everything = all(gone.get(key, 0) + asked.get(key, 0) == line.quantity for key, line in known.items())
    delivery = f"delivery:{order.reference}"
    if whole_delivery and everything and there.get(delivery):
        lines.append(ReturnLine(order_line=None, part=delivery, quantity=1, amount_minor=there[delivery]))
    if not any(line.amount_minor for line in lines):
        raise NothingLeft
    return lines


def _line(line: OrderLine, quantity: int, *, gone: int, paid_minor: int, there_minor: int) -> ReturnLine:
    if gone + quantity > line.quantity:
        raise AlreadyReturning(field="lines", title=line.title, left=line.quantity - gone)
    share = shares.of_quantity(gross_minor=paid_minor, quantity=line.quantity, gone=gone, taken=quantity)
    return ReturnLine(order_line=line, part=line.reference, quantity=quantity, amount_minor=min(share, there_minor))


# ── the seller answers ────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def approve(*, asked: Return, send_to: str = "", words: str = "", paid_by: str = "", at: datetime, actor: Actor, by: str = "seller") -> Return:
    """Send it back, there. Who pays for the way may become better for the buyer, never worse. An exchange takes its thing from the shelf now."""
    asked = locked(asked)
    address = send_to.strip() or usual_address(asked)
    if not address:
        raise Invalid("send_to", _("Write the address to which it is to be sent."))
    if len(address) > LONGEST_ADDRESS:
        raise Invalid("send_to", _("Write at most {most} characters."), most=LONGEST_ADDRESS)
    if paid_by not in ("", *ReturnsPaidBy.values):
        raise Invalid("paid_by", _("Choose who pays for the way back."))
    changes: dict[str, Any] = {"send_to": address, "answer": worded("words", words, needed=False)}
    if paid_by == ReturnsPaidBy.SELLER or (paid_by and not asked.of_right):
        changes["paid_by"] = paid_by
    if asked.is_exchange and not exchanges.reserve(asked, at=at):
        changes["wish"] = Wish.REFUND  # none is left: the money comes back instead
    return turn(asked, "approve", by=by, at=at, actor=actor, **changes)


def usual_address(asked: Return) -> str:
    """Where the shop can be reached, if it says so."""
    vendor = asked.order.vendor
    return "\n".join(rules.lines(AddressData(**vendor.address))) if vendor.address else ""


@transaction.atomic
def decline(*, asked: Return, words: str, at: datetime, actor: Actor, by: str = "seller") -> Return:
    """No. Possible only where neither the law nor the shop's promise says yes; the buyer may still report an issue while the money is held."""
    asked = locked(asked)
    if asked.of_right:
        raise CannotRefuse
    return turn(asked, "decline", by=by, at=at, actor=actor, answer=worded("words", words, needed=by == "seller"))


@transaction.atomic
def waive(*, asked: Return, at: datetime, actor: Actor, by: str = "seller") -> Return:
    """The buyer keeps it and gets the money."""
    asked = locked(asked)
    exchanges.let_go(asked, at=at)
    return _refund(asked, "waive", by=by, at=at, actor=actor)


# ── the way back ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def withdraw(*, asked: Return, at: datetime, actor: Actor) -> Return:
    """The buyer keeps it after all."""
    asked = locked(asked)
    exchanges.let_go(asked, at=at)
    return turn(asked, "withdraw", by="buyer", at=at, actor=actor)


@transaction.atomic
def lapse(*, asked: Return, at: datetime, actor: Actor) -> Return:
    """It was never sent."""
    asked = locked(asked)
    exchanges.let_go(asked, at=at)
    return turn(asked, "lapse", by="system", at=at, actor=actor)


@transaction.atomic
def send(*, asked: Return, carrier: str, tracking_number: str, at: datetime, actor: Actor) -> Return:
    """It is on its way; the number lets the seller see it."""
    asked = locked(asked)
    number = _number(tracking_number)
    return turn(asked, "send", by="buyer", at=at, actor=actor, carrier=carrier.strip()[:40], tracking_number=number, sent_at=at)


def _number(text: str) -> str:
    number = text.strip()
    if not number:
        raise Invalid("tracking_number", _("Write the tracking number. It proves that it was sent."))
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        raise Invalid("tracking_number", _("Write at most {most} characters."), most=LONGEST_NUMBER)
    return number


@transaction.atomic
def arrive(*, asked: Return, at: datetime, actor: Actor, by: str = "buyer") -> Return:
    """The carrier delivered it; the seller looks at it now."""
    asked = locked(asked)
    return turn(asked, "arrive", by=by, at=at, actor=actor)


# ── it came back ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def accept(*, asked: Return, restock: bool = False, at: datetime, actor: Actor, by: str = "seller") -> Return:
    """Everything is right: the money goes back, or the other variant goes out."""
    asked = locked(asked)
    if restock:
        _put_back(asked, at=at, actor=actor)
    if asked.is_exchange and by == "seller":
        return turn(asked, "replace", by=by, at=at, actor=actor, restocked=restock)
    exchanges.let_go(asked, at=at)
    return _refund(asked, "accept", by=by, at=at, actor=actor, restocked=restock)


def _put_back(asked: Return, *, at: datetime, actor: Actor) -> None:
    back = [(line.order_line.variant_id, line.quantity) for line in asked.lines.select_related("order_line") if line.order_line is not None]
    stock.put_back(trade=asked.order.reference, lines=back, at=at, actor=actor)


@transaction.atomic
def deduct(*, asked: Return, deduction: Money, words: str, restock: bool = False, at: datetime, actor: Actor) -> Return:
    """It came back worse than it went, or not at all: the seller keeps this much and says why. The buyer may object."""
    asked = locked(asked)
    if deduction.currency != asked.currency or not 0 < deduction.amount_minor <= asked.amount_minor:
        raise Invalid("deduction", _("Enter an amount above zero, at most {most}."), most=asked.amount)
    if restock:
        _put_back(asked, at=at, actor=actor)
    exchanges.let_go(asked, at=at)
    why = worded("words", words, needed=True)
    changes = {"deduction_minor": deduction.amount_minor, "answer": why, "wish": Wish.REFUND, "restocked": restock}
    return turn(asked, "deduct", by="seller", at=at, actor=actor, facts={"amount_minor": deduction.amount_minor}, **changes)


@transaction.atomic
def settle(*, asked: Return, at: datetime, actor: Actor, by: str = "buyer") -> Return:
    """The deduction is fine."""
    return _refund(locked(asked), "settle", by=by, at=at, actor=actor)


@transaction.atomic
def protest(*, asked: Return, words: str, at: datetime, actor: Actor) -> Return:
    """The buyer does not agree. While the money is held that is a dispute, which takes the return over; afterwards our team looks at it."""
    asked = locked(asked)
    text = worded("words", words, needed=True)
    FLOW.target(asked.state, "object", by="buyer")
    if money.is_held(asked.order):
        orders.report_issue(order=asked.order, reason="other", words=text, actor=actor, at=at)  # our receiver ends the return
        asked.refresh_from_db()
        return asked
    return turn(asked, "object", by="buyer", at=at, actor=actor, facts={"words": text})


@transaction.atomic
def rule(*, asked: Return, deduction: Money, words: str, at: datetime, actor: Actor) -> Return:
    """Our team decides how much the seller keeps."""
    asked = locked(asked)
    if deduction.currency != asked.currency or not 0 <= deduction.amount_minor <= asked.amount_minor:
        raise Invalid("deduction", _("Enter an amount of at most {most}."), most=asked.amount)
    asked.deduction_minor = deduction.amount_minor
    facts = {"words": worded("words", words, needed=True), "amount_minor": deduction.amount_minor}
    return _refund(asked, "rule", by="staff", at=at, actor=actor, facts=facts, deduction_minor=deduction.amount_minor)


@transaction.atomic
def rule_by_silence(*, asked: Return, at: datetime) -> Return:
    """Our team said nothing: what the seller stated stands."""
    return _refund(locked(asked), "rule", by="system", at=at, actor=SYSTEM)


@transaction.atomic
def fall_back(*, asked: Return, at: datetime, actor: Actor, by: str = "seller") -> Return:
    """No replacement will come: the money goes back."""
    asked = locked(asked)
    exchanges.let_go(asked, at=at)
    return _refund(asked, "fall_back", by=by, at=at, actor=actor)


@transaction.atomic
def take_over(*, asked: Return, at: datetime, actor: Actor) -> Return:
    """A dispute about the order opened: it decides about everything."""
    asked = locked(asked)
    exchanges.let_go(asked, at=at)
    return turn(asked, "take_over", by="system", at=at, actor=actor)


def _refund(asked: Return, move: str, *, by: str, at: datetime, actor: Actor, facts: dict[str, object] | None = None, **changes: object) -> Return:
    """The money first, the end of the return in the same transaction."""
    FLOW.target(asked.state, move, by=by)
    given = pay_back(asked, reason=f"return {asked.reference}", by=by, at=at, actor=actor)
    crashes.point("return.refunded")
    return turn(asked, move, by=by, at=at, actor=actor, facts={**(facts or {}), "refunded_minor": given}, refunded_minor=given, **changes)
