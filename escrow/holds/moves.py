"""What every move of a hold shares: lock, refuse, turn the state with one guarded update, leave an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import locks, rows
from core.actors import Actor
from core.compiled import compiled
from core.errors import Busy, Invalid, Kind, NotHere, Refusal
from core.money import Money
from escrow.holds import split
from escrow.holds.models import Hold, HoldEvent, HoldPart
from escrow.holds.timers import Deadline


class HoldFrozen(Refusal):
    code = "hold_frozen"
    kind = Kind.CONFLICT
    sentence = _("The money of this order is frozen while an issue is open. It moves again when the issue is decided or withdrawn.")


class AlreadyExtended(Refusal):
    code = "already_extended"
    kind = Kind.CONFLICT
    sentence = _("You have already asked for more time once. Confirm, or open an issue before the deadline.")


class MoreThanHeld(Refusal):
    code = "more_than_held"
    kind = Kind.CONFLICT
    sentence = _("Only {left} is still held. Choose that amount or less.")


class DeliveryNotProven(Refusal):
    code = "delivery_not_proven"
    kind = Kind.FORBIDDEN
    sentence = _("A delivery is confirmed by the carrier, the buyer, or the hand-over code, not by the seller alone.")


class IssueOpen(Refusal):
    code = "issue_already_open"
    kind = Kind.CONFLICT
    sentence = _("An issue is already open for this order.")


def locked(hold: Hold) -> Hold:
    """The hold as it is now, locked: first its trade, then its row."""
    locks.trade(hold.trade)
    with locks.refusing_to_wait():
        found = _locked(hold.pk)
    if not found:
        raise NotHere
    return found[0]


@compiled
def _locked(hold_id: int) -> QuerySet[Hold]:
    return Hold.objects.filter(pk=hold_id).select_for_update(of=("self",))


def side_of(actor: Actor) -> str:
    """On whose side an actor stands when the caller does not say: staff and machines are themselves, people are the seller's."""
    return {"staff": "staff", "system": "system", "provider": "provider", "carrier": "carrier"}.get(actor.kind, "seller")


def refuse_frozen(hold: Hold) -> None:
    """Neither an open issue nor a chargeback may be overtaken."""
    if hold.is_frozen:
        raise HoldFrozen


def turn(
    hold: Hold,
    name: str,
    *,
    to: str,
    actor: Actor,
    at: datetime,
    deadline: Deadline | None = None,
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> HoldEvent:
    """Write the move: one update guarded by the state it starts from, and its event. `facts` go to the event."""
    before = hold.state
    values = {**changes, "state": to, **(hold.set_deadline(deadline) if deadline else {}), "retry_at": None}
    event = HoldEvent.about(hold, name, actor=actor, at=at, before=before, **(facts or {}))
    event.after = to
    if not rows.move(hold, event, where={"state": before, "steps": hold.steps}, **values):
        raise Busy
    return event


def parts_of(hold: Hold) -> list[HoldPart]:
    """The parts, in the order in which they were agreed."""
    return _parts_of(hold.pk)


@compiled
def _parts_of(hold_id: int) -> QuerySet[HoldPart]:
    return HoldPart.objects.filter(hold_id=hold_id).order_by("id")


def portions(hold: Hold, *, amount: Money | None, lines: Mapping[str, int] | Sequence[str] | None) -> list[tuple[HoldPart, int]]:
    """Which part gives how much: named lines with amounts, named lines in full, an amount over all, or everything left."""
    parts = {part.line: part for part in parts_of(hold)}
    if amount is not None and amount.currency != hold.currency:
        raise Invalid("amount", _("This order is in {currency}."), currency=hold.currency)
    if isinstance(lines, Mapping):
        chosen = _named(hold, parts, lines)
    else:
        members = [_part(parts, line) for line in lines] if lines else list(parts.values())
        left = [part.left.amount_minor for part in members]
        try:
            shares = split.spread(sum(left) if amount is None else amount.amount_minor, left)
        except split.TooMuch:
            raise _too_much(Money(sum(left), hold.currency), amount) from None
        chosen = list(zip(members, shares, strict=True))
    chosen = [(part, minor) for part, minor in chosen if minor]
    if not chosen:
        raise Invalid("amount", _("Write an amount above zero."))
    return chosen


def portions_or_none(hold: Hold, lines: Mapping[str, int]) -> list[tuple[HoldPart, int]]:
    """The same for named lines, which may all give nothing."""
    chosen = _named(hold, {part.line: part for part in parts_of(hold)}, lines)
    return [(part, minor) for part, minor in chosen if minor]


def _named(hold: Hold, parts: Mapping[str, HoldPart], lines: Mapping[str, int]) -> list[tuple[HoldPart, int]]:
    chosen = [(_part(parts, line), minor) for line, minor in lines.items()]
    for part, minor in chosen:
        if not 0 <= minor <= part.left.amount_minor:
            raise _too_much(Money(part.left.amount_minor, hold.currency), Money(minor, hold.currency))
    return chosen


def _part(parts: Mapping[str, HoldPart], line: str) -> HoldPart:
    if line not in parts:
        raise Invalid("parts", _("There is no line “{line}” in this order."), line=line)
    return parts[line]


def _too_much(left: Money, asked: Money | None) -> Refusal:
    if asked is not None and asked.amount_minor < 0:
        return Invalid("amount", _("Write an amount above zero."))
    return MoreThanHeld(field="amount", left=left)
