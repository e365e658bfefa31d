"""Where the money of an order is: what is held, what went back, what the seller gets, and every movement straight from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from core.money import Money
from escrow.holds import queries as holds
from escrow.holds.queries import MoneyMove
from escrow.ledger import queries as ledger
from escrow.ledger.queries import BookLine
from escrow.models import Hold
from marketplace.orders import money, parts
from marketplace.orders.models import Order

Place = Literal["done", "here", "ahead"]


def seller_gets(order: Order) -> Money:
    """What is left of the price after the commission, if everything that is still held is released."""
    held = _held(order)
    prefetch_related_objects(held, "parts")  # once, however often a page asks
    fees = sum(part.left.commission_minor + part.left.tax_minor for hold in held for part in hold.parts.all())
    return Money(sum(hold.left_minor for hold in held) - fees, order.currency)


def held_of(order: Order) -> Money:
    """What is held and undecided, in all parts."""
    return Money(sum(hold.left_minor for hold in _held(order)), order.currency)


def refunded_of(order: Order) -> Money:
    """What went back, from all parts."""
    return Money(sum(hold.refunded_minor for hold in _held(order)), order.currency)


def paid_of(order: Order) -> Money:
    """What was paid until now: of a plan, its paid parts."""
    return Money(sum(hold.gross_minor for hold in _held(order)), order.currency)


def returned_of(order: Order) -> Money:
    """What went back, also what the seller was paid before."""
    return Money(sum(money.given_back_by_line(order).values()), order.currency)


def _held(order: Order) -> list[Hold]:
    if order.plan_id is None:
        return [order.hold]
    parts.steps(order, order.placed_at)  # reads the parts, once
    return [part.hold for part in order.__dict__["parts_read"] if part.hold and part.paid_at]


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One line of “where is my money”: what each place gains or loses by it. It sums to zero."""

    words: str
    at: datetime | None
    buyer: Money
    held: Money
    seller: Money
    fee: Money
    place: Place = "done"


def money_table(order: Order, at: datetime, book: Iterable[BookLine] | None = None) -> list[MoneyRow]:
    """Every movement from the ledger, where the money is now, and where it may go."""
    rows: list[MoneyRow] = []
    zero = Money.zero(order.currency)
    if order.plan_id is not None:
        book = ledger.lines_of_holds(hold.reference for hold in _held(order))
    for key, moves in groupby(holds.money_story(order.hold, book), key=lambda move: (move.at, move.event)):
        lines = list(moves)
        if key[1] in ("freeze", "unfreeze"):
            rows.append(MoneyRow(str(lines[0].words), key[0], zero, zero, zero, zero))
            continue
        rows.append(MoneyRow(str(lines[0].words), key[0], *_changes(order, lines)))
    left = held_of(order)
    if not left.is_zero:
        rows.append(MoneyRow(_("Now"), at, -left, left, zero, zero, "here"))
        seller = seller_gets(order)
        rows.append(MoneyRow(_("When it is confirmed"), None, zero, -left, seller, left - seller, "ahead"))
        rows.append(MoneyRow(_("If it all goes back"), None, left, -left, zero, zero, "ahead"))
    return rows


def _changes(order: Order, lines: list[MoneyMove]) -> tuple[Money, Money, Money, Money]:
    """A funding, release or refund as the four columns see it."""
    zero = Money.zero(order.currency)
    change = {"buyer": zero, "held": zero, "seller": zero, "fee": zero}
    for line in lines:
        column = "buyer" if line.event in ("fund", "refund") else "seller" if str(line.target) == str(_("the seller")) else "fee"
        amount = -line.amount if line.event == "fund" else line.amount
        change[column] += amount
        change["held"] -= amount
    return change["buyer"], change["held"], change["seller"], change["fee"]
