"""The money of a return, wherever it is: held (in one piece or in the parts of a plan) or already with the seller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.actors import SYSTEM, Actor
from escrow.holds import operations as holds
from escrow.holds.moves import parts_of, refuse_frozen
from escrow.holds.states import UNDECIDED, State
from escrow.late_refunds import operations as late_refunds
from escrow.models import Hold, HoldPart
from marketplace.orders import money
from marketplace.orders.models import Order


def paid_for(order: Order) -> dict[str, int]:
    """What each part was sold for, over everything that was paid for this order."""
    found: dict[str, int] = {}
    for hold in money.holds_of(order):
        for part in parts_of(hold):
            found[part.line] = found.get(part.line, 0) + part.gross_minor
    return found


def still_there(order: Order) -> dict[str, int]:
    """What of each part may still go back, held or with the seller."""
    found: dict[str, int] = {}
    for hold in money.holds_of(order):
        for part in parts_of(hold):
            found[part.line] = found.get(part.line, 0) + _held(hold, part) + part.with_seller.amount_minor
    return found


def refuse_stopped(order: Order) -> None:
    """While a dispute or a bank examines any of it nobody begins a return."""
    for hold in money.holds_of(order):
        refuse_frozen(hold)


def is_held(order: Order) -> bool:
    """Whether a dispute can still be opened: some of it is undecided."""
    return any(hold.state in UNDECIDED for hold in money.holds_of(order))


def wait(order: Order, *, until: datetime, at: datetime, actor: Actor) -> None:
    """The clocks of everything that is being inspected stand still."""
    for hold in money.holds_of(order):
        if hold.state == State.DELIVERED and not hold.is_frozen:
            holds.await_return(hold=hold, until=until, at=at, actor=actor)


def resume(order: Order, *, at: datetime, actor: Actor) -> None:
    """The clocks run on."""
    for hold in money.holds_of(order):
        holds.resume_after_return(hold=hold, at=at, actor=actor)


def give_back(order: Order, *, wanted: Mapping[str, int], reason: str, by: str, at: datetime, actor: Actor) -> int:
    """Back to the buyer, first from what is held, then from what the seller was paid; never more than is there. Answers how much.

    Only the seller gives in person. What the buyer accepts, the desk decides or silence does is done by the house.
    """
    giver = actor if by == "seller" else SYSTEM
    rest, given = dict(wanted), 0
    for hold in money.holds_of(order):
        found = {part.line: min(rest.get(part.line, 0), _held(hold, part)) for part in parts_of(hold)}
        if taken := _noted(found, rest):
            holds.refund(hold=hold, parts=taken, reason=reason, at=at, actor=giver, by="seller" if by == "seller" else "system")
            given += sum(taken.values())
    for hold in money.holds_of(order):
        found = {part.line: min(rest.get(part.line, 0), part.with_seller.amount_minor) for part in parts_of(hold)}
        if taken := _noted(found, rest):
            late_refunds.give_back(hold=hold, parts=taken, reason=reason, at=at, actor=giver, by="seller" if by == "seller" else "system")
            given += sum(taken.values())
    return given


def _held(hold: Hold, part: HoldPart) -> int:
    return part.left.amount_minor if hold.left_minor else 0


def _noted(found: Mapping[str, int], rest: dict[str, int]) -> dict[str, int]:
    taken = {line: minor for line, minor in found.items() if minor}
    for line, minor in taken.items():
        rest[line] -= minor
    return taken
