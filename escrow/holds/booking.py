"""Money leaves a hold: ledger entry, progress of the parts, state, event, and the order to the provider, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from core import crashes
from core.actors import Actor
from core.compiled import compiled
from core.errors import Busy
from core.money import Money
from core.sql import fetch
from escrow.holds import entries, signals, split, timers
from escrow.holds.models import PROGRESS, Hold, HoldPart
from escrow.holds.moves import parts_of, turn
from escrow.holds.states import State
from escrow.payments import operations as payments

Cuts = Sequence[tuple[HoldPart, int]]


def _cut(cuts: Cuts, *, given_back: bool) -> split.Piece:
    whole = split.Piece()
    for part, minor in cuts:
        piece = split.cut(part.left, minor)
        (part.add_refunded if given_back else part.add_released)(piece)
        whole += piece
    HoldPart.objects.bulk_update([part for part, _minor in cuts], PROGRESS)
    return whole


def give_back(hold: Hold, cuts: Cuts, *, to: str, reason: str, actor: Actor, at: datetime) -> Hold:
    """Return these pieces to the buyer. When nothing is left the hold turns to `to`."""
    final = sum(minor for _part, minor in cuts) == hold.left_minor
    piece = _cut(cuts, given_back=True)
    entry = entries.refund(hold, piece)
    entries.write([entry], actor=actor, at=at)
    crashes.point("hold.refund_booked")
    turn(
        hold,
        "refund",
        to=to if final else hold.state,
        actor=actor,
        at=at,
        deadline=timers.after_end(at=at) if final else None,
        facts={"amount_minor": piece.amount_minor, "reason": reason, "entry": entry.key},
        refunded_minor=hold.refunded_minor + piece.amount_minor,
        steps=hold.steps + 1,
        **(_ended(at) if final else {}),
    )
    if piece.cash_minor:
        payments.refund(
            payment=hold.payment,
            hold_ref=hold.reference,
            amount=Money(piece.cash_minor, hold.currency),
            key=entry.key,
            reason=reason,
            at=at,
            actor=actor,
        )
    crashes.point("hold.refund_asked")
    signals.hold_refunded.send(Hold, hold=hold, amount_minor=piece.amount_minor, final=final, reason=reason, at=at)
    return hold


def division(parts: Sequence[HoldPart], to_buyer: Mapping[str, int]) -> tuple[split.Piece, split.Piece]:
    """What goes back and what is paid when each line gives the buyer so much and its seller the rest. Counts it in the parts, which are not saved."""
    given, paid = split.Piece(), split.Piece()
    for part in parts:
        if minor := to_buyer.get(part.line, 0):
            piece = split.cut(part.left, minor)
            part.add_refunded(piece)
            given += piece
        left = part.left
        rest = split.Piece(left.cash_minor, left.coupon_minor, left.points_minor, left.commission_minor, left.tax_minor)
        part.add_released(rest)
        paid += rest
    return given, paid


def divide(hold: Hold, to_buyer: Mapping[str, int], *, to: str, reason: str, actor: Actor, at: datetime) -> Hold:
    """Everything left, between both sides, in one entry."""
    parts = parts_of(hold)
    given, paid = division(parts, to_buyer)
    HoldPart.objects.bulk_update(parts, PROGRESS)
    entry = entries.divide(hold, given, paid)
    entries.write([entry], actor=actor, at=at)
    turn(
        hold,
        "divide",
        to=to,
        actor=actor,
        at=at,
        deadline=timers.after_end(at=at),
        facts={"amount_minor": given.amount_minor + paid.amount_minor, "reason": reason, "entry": entry.key},
        refunded_minor=hold.refunded_minor + given.amount_minor,
        released_minor=hold.released_minor + paid.amount_minor,
        steps=hold.steps + 1,
        **_ended(at),
    )
    if given.cash_minor:
        cash = Money(given.cash_minor, hold.currency)
        payments.refund(payment=hold.payment, hold_ref=hold.reference, amount=cash, key=entry.key, reason=reason, at=at, actor=actor)
    signals.hold_refunded.send(Hold, hold=hold, amount_minor=given.amount_minor, final=False, reason=reason, at=at)
    signals.hold_released.send(Hold, hold=hold, amount_minor=paid.amount_minor, final=True, at=at)
    return hold


def pay_some(hold: Hold, cuts: Cuts, *, to: str, reason: str, actor: Actor, at: datetime) -> Hold:
    """Pay these pieces to the seller. When nothing is left the hold turns to `to`."""
    final = sum(minor for _part, minor in cuts) == hold.left_minor
    piece = _cut(cuts, given_back=False)
    entry = entries.release(hold, piece)
    entries.write([entry], actor=actor, at=at)
    turn(
        hold,
        "release",
        to=to if final else hold.state,
        actor=actor,
        at=at,
        deadline=timers.after_end(at=at) if final else None,
        facts={"amount_minor": piece.amount_minor, "reason": reason, "entry": entry.key},
        released_minor=hold.released_minor + piece.amount_minor,
        steps=hold.steps + 1,
        **(_ended(at) if final else {}),
    )
    signals.hold_released.send(Hold, hold=hold, amount_minor=piece.amount_minor, final=final, at=at)
    return hold


def _ended(at: datetime) -> dict[str, object]:
    return {"ended_at": at, "frozen_from": "", "frozen_left": None}


def pay_rest(holds: Sequence[Hold], *, reason: str, actor: Actor, at: datetime) -> None:
    """Pay everything left of these locked holds to their sellers; a constant number of statements besides the entries."""
    pieces = _rest_of(holds)
    drafts = {hold.pk: entries.release(hold, pieces[hold.pk]) for hold in holds}
    entries.write(list(drafts.values()), actor=actor, at=at)
    crashes.point("hold.release_booked")
    amounts = [pieces[hold.pk].amount_minor for hold in holds]
    _write_release(holds, amounts, [drafts[hold.pk].key for hold in holds], reason=reason, actor=actor, at=at)
    for hold, amount in zip(holds, amounts, strict=True):
        hold.state, hold.released_minor, hold.steps = State.RELEASED, hold.released_minor + amount, hold.steps + 1
    crashes.point("hold.released")
    for hold in holds:
        for column, value in {**_ended(at), **hold.set_deadline(timers.after_end(at=at)), "retry_at": None}.items():
            setattr(hold, column, value)
        signals.hold_released.send(Hold, hold=hold, amount_minor=pieces[hold.pk].amount_minor, final=True, at=at)


def _rest_of(holds: Sequence[Hold]) -> dict[int, split.Piece]:
    """What is left is its own cut: no rounding."""
    rest = {hold.pk: split.Piece() for hold in holds}
    for part in _parts_of([hold.pk for hold in holds]) if len(holds) > 1 else parts_of(holds[0]):
        left = part.left
        rest[part.hold_id] += split.Piece(left.cash_minor, left.coupon_minor, left.points_minor, left.commission_minor, left.tax_minor)
    return rest


def _write_release(holds: Sequence[Hold], amounts: list[int], keys: list[str], *, reason: str, actor: Actor, at: datetime) -> None:
    """The parts' progress, the holds' state and an event for each, in one statement."""
    numbers, states, deadline = [hold.pk for hold in holds], [str(hold.state) for hold in holds], timers.after_end(at=at)
    one = len(holds) == 1  # of a list the database plans anew each time
    some = numbers[0] if one else numbers
    told = [at, actor.kind, actor.reference, reason, numbers, states, amounts, keys]
    statement = RELEASE.format(some="= %s" if one else "= ANY(%s)")
    ((released,),) = fetch(statement, [some, deadline.due_at, deadline.due_move, at, some, list(set(states)), *told])
    if released != len(holds):
        raise Busy


RELEASE = """
WITH counted AS (
    UPDATE escrow_holdpart SET released_cash_minor = cash_minor - refunded_cash_minor, released_coupon_minor = coupon_minor - refunded_coupon_minor,
        released_points_minor = points_minor - refunded_points_minor,
        charged_commission_minor = commission_minor - waived_commission_minor, charged_tax_minor = tax_minor - waived_tax_minor
    WHERE hold_id {some}
), released AS (
    UPDATE escrow_hold SET state = 'released', released_minor = gross_minor - refunded_minor, steps = steps + 1, due_at = %s, due_move = %s,
        remind_at = NULL, retry_at = NULL, ended_at = %s, frozen_from = '', frozen_left = NULL
    WHERE id {some} AND state = ANY(%s) RETURNING id
), told AS (
    INSERT INTO escrow_holdevent (name, after, at, actor_kind, actor_reference, reason, hold_id, before, amount_minor, entry)
    SELECT 'release', 'released', %s::timestamptz, %s, %s, %s, each.* FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[]) AS each
) SELECT count(*) FROM released"""


@compiled
def _parts_of(hold_ids: list[int]) -> QuerySet[HoldPart]:
    return HoldPart.objects.filter(hold_id__in=hold_ids)
