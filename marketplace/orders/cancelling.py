"""An order that ends before it is handed over, whole or in part.

While nothing is packed the buyer cancels at once. Afterwards the buyer asks: the seller agrees or sends it, and silence agrees for the seller.
What a seller cannot deliver is cancelled by the piece; the rest of the order goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from core import audit, rows
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Kind, Refusal
from core.jobs import defer
from core.money import cumulative_share
from escrow.holds.moves import parts_of, refuse_frozen
from marketplace.catalog.stock import operations as stock
from marketplace.orders import money, moves
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.states import ANSWER_WITHIN, FLOW, OrderState

TRY_AGAIN_AFTER: Final = timedelta(days=1)


class CancellationNotAsked(Refusal):
    code = "cancellation_not_asked"
    kind = Kind.CONFLICT
    sentence = _("Nobody is asking to cancel this order now. Look at where it stands.")


class PaidInParts(Refusal):
    code = "paid_in_parts"
    kind = Kind.CONFLICT
    sentence = _("This order is paid in parts. Cancel it whole, or give some of the money back.")


def whole(*, order: Order, by: str, reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    """All of it, now. The caller has locked the order."""
    left = money.left(order)
    facts = {"by": by, "reason": reason, "amount_minor": left.amount_minor}
    order = moves.move(order, "cancel", by=by, event="cancelled", actor=actor, at=at, facts=facts)
    money.give_all_back(order, reason=reason or by, actor=actor, at=at, by=by)
    if restock:  # what was cancelled by the piece has been decided then
        whats_left = [(line.variant_id, line.left) for line in order.lines.all() if line.left]
        stock.put_back(trade=order.reference, lines=whats_left, at=at, actor=actor)
    return moves.fresh(order)


# ── the buyer asks ────────────────────────────────────────────────────────────────────────────────
def ask(*, order: Order, reason: str, actor: Actor, at: datetime) -> Order:
    """The seller has it packed already, so the seller is asked. Asked twice, the first clock runs on."""
    if order.cancel_due_at is None:
        _refuse_frozen(order)
        until = _wait(order, at + ANSWER_WITHIN)
        _note(order, "cancel_asked", actor=actor, at=at, facts={"reason": reason, "until": until.isoformat()})
    return moves.fresh(order)


def take_back(*, order: Order, actor: Actor, at: datetime) -> Order:
    """The buyer wants it after all."""
    _refuse_unasked(order)
    rows.update(order, cancel_due_at=None)
    _note(order, "cancel_withdrawn", actor=actor, at=at, facts={})
    return moves.fresh(order)


def agree(*, order: Order, actor: Actor, at: datetime) -> Order:
    """The seller takes it out of the parcel again."""
    _refuse_unasked(order)
    return whole(order=order, by="seller", reason="", restock=True, actor=actor, at=at)


def decide_unanswered(*, order: Order, at: datetime) -> Order:
    """The seller said nothing: the buyer's wish is done. What a bank examines meanwhile is looked at again later."""
    if order.cancel_due_at is None or order.cancel_due_at > at:  # answered, or asked anew
        return order
    if any(hold.is_frozen for hold in money.holds_of(order)):
        _wait(order, at + TRY_AGAIN_AFTER)
        return order
    return whole(order=order, by="system", reason="", restock=True, actor=SYSTEM, at=at)


def _wait(order: Order, until: datetime) -> datetime:
    rows.update(order, where={"state": OrderState.PACKED}, cancel_due_at=until)
    key = f"cancel:{order.reference}:{until.timestamp():.0f}"
    defer("marketplace.orders.jobs.decide_unanswered_wish", reference=order.reference, at=until, key=key)
    return until


def _note(order: Order, name: str, *, actor: Actor, at: datetime, facts: dict[str, str]) -> None:
    audit.record(kind="order", reference=order.reference, name=name, actor=actor, at=at, reason=facts.get("reason", ""))
    moves.tell(order, name, actor=actor, at=at, facts=facts)


def _refuse_unasked(order: Order) -> None:
    if order.cancel_due_at is None:
        raise CancellationNotAsked


def _refuse_frozen(order: Order) -> None:
    for hold in money.holds_of(order):
        refuse_frozen(hold)


# ── the seller cannot deliver all of it ───────────────────────────────────────────────────────────
def some(*, order: Order, quantities: Mapping[str, int], reason: str, restock: bool, actor: Actor, at: datetime) -> Order:
    """These pieces are not coming: their money goes back, their count is kept, the rest goes on. All that is left is a cancellation."""
    FLOW.target(order.state, "cancel", by="seller")
    if order.plan_id is not None:
        raise PaidInParts
    lines = list(order.lines.all())
    gone = _chosen(lines, quantities)
    back = _worth(order, gone)
    if all(line.left == gone.get(line, 0) for line in lines) or sum(back.values()) == order.hold.left_minor:
        return whole(order=order, by="seller", reason=reason, restock=restock, actor=actor, at=at)
    for line, count in gone.items():
        rows.update(line, cancelled=line.cancelled + count)
    what = ", ".join(f"{count} × {line.title}" for line, count in gone.items())
    facts = {"amount_minor": sum(back.values()), "reason": reason, "what": what, "lines": {line.reference: count for line, count in gone.items()}}
    moves.tell(order, "part_cancelled", actor=actor, at=at, facts=facts)
    money.give_lines_back(order, lines=back, reason=reason, actor=actor, at=at)
    if restock:
        stock.put_back(trade=order.reference, lines=[(line.variant_id, count) for line, count in gone.items()], at=at, actor=actor)
    return moves.fresh(order)


def _chosen(lines: Sequence[OrderLine], quantities: Mapping[str, int]) -> dict[OrderLine, int]:
    known = {line.reference: line for line in lines}
    if unknown := set(quantities) - set(known):
        raise Invalid("lines", _("There is no line “{line}” in this order."), line=min(unknown))
    for reference, count in quantities.items():
        if not 0 <= count <= known[reference].left:
            sentence = _("Of “{title}” at most {left} can still be cancelled.")
            raise Invalid("lines", sentence, title=known[reference].title, left=known[reference].left)
    gone = {known[reference]: count for reference, count in quantities.items() if count}
    if not gone:
        raise Invalid("lines", _("Say how many of which things you cannot deliver."))
    return gone


def _worth(order: Order, gone: Mapping[OrderLine, int]) -> dict[str, int]:
    """What was paid for these pieces, as far as it has not gone back already."""
    parts = {part.line: part for part in parts_of(order.hold)}
    found: dict[str, int] = {}
    for line, count in gone.items():
        part = parts[line.reference]
        before, after = (cumulative_share(part.gross_minor, done, line.quantity) for done in (line.cancelled, line.cancelled + count))
        found[line.reference] = min(after - before, part.left.amount_minor)
    return found
