"""A buyer's bank asks the money back: an overlay that may come in every state. It stops the clock, and every verb but its own.

While it lies there, what is left of an undecided hold is in `hold_frozen`; its state is what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.actors import Actor
from escrow.holds import booking, entries, issues, signals, split, timers
from escrow.holds.models import PROGRESS, RETURNED, Hold, HoldPart
from escrow.holds.moves import locked, parts_of, turn
from escrow.holds.states import FLOW, UNDECIDED, Outcome, State
from escrow.ledger.accounts import AccountName


def cash_with_us_or_seller(parts: Iterable[HoldPart]) -> int:
    """What a buyer has paid for these parts and has not got back in any way."""
    return sum(part.cash_minor - part.refunded_cash_minor - part.returned_cash_minor for part in parts)


def held_cash(parts: Iterable[HoldPart]) -> int:
    """The part of it that nobody has decided about."""
    return sum(part.left.cash_minor for part in parts)


def lay(hold: Hold, *, at: datetime, actor: Actor) -> Hold:
    """The bank asks: everything of this hold stands still."""
    hold = locked(hold)
    if hold.chargeback_open:
        return hold
    freezes = hold.state in UNDECIDED and hold.left_minor > 0
    entry = entries.freeze(hold) if freezes else None
    if entry:
        entries.write([entry], actor=actor, at=at)
    turn(
        hold,
        "chargeback_opened",
        to=hold.state,
        actor=actor,
        at=at,
        facts={"amount_minor": hold.left_minor, "entry": entry.key if entry else ""},
        chargeback_open=True,
        chargeback_left=max(hold.due_at - at, timedelta(0)) if hold.due_at else None,
        steps=hold.steps + freezes,
    )
    return hold


def lift(hold: Hold, *, at: datetime, actor: Actor) -> Hold:
    """The bank has decided: what is left moves again, and the clock runs on where it stood."""
    hold = locked(hold)
    if not hold.chargeback_open:
        return hold
    thaws = hold.state in UNDECIDED and hold.left_minor > 0
    entry = entries.unfreeze(hold) if thaws else None
    if entry:
        entries.write([entry], actor=actor, at=at)
    turn(
        hold,
        "chargeback_ended",
        to=hold.state,
        actor=actor,
        at=at,
        deadline=_resumed(hold, at),
        facts={"amount_minor": hold.left_minor, "entry": entry.key if entry else ""},
        chargeback_open=False,
        chargeback_left=None,
        steps=hold.steps + thaws,
    )
    return hold


def _resumed(hold: Hold, at: datetime) -> timers.Deadline | None:
    if hold.due_at is None:
        return None
    left = hold.chargeback_left or timedelta(0)
    if hold.state in (*UNDECIDED, State.DISPUTED):
        return timers.resumed(at=at, left=left, move=hold.due_move, limit_at=hold.limit_at)
    return timers.Deadline(at + left, hold.due_move)


def take_held(hold: Hold, *, cash_minor: int, key: str, taken: AccountName, at: datetime, actor: Actor) -> split.Piece:
    """The bank keeps this cash of what was held. It counts as given back to the buyer; when nothing is left the hold ends."""
    parts = parts_of(hold)
    cuts = _cuts(parts, [part.left for part in parts], cash_minor, split.cut_cash)
    piece = sum((cut for _part, cut in cuts), split.Piece())
    for part, cut in cuts:
        part.add_refunded(cut)
    HoldPart.objects.bulk_update([part for part, _cut in cuts], PROGRESS)
    entries.write([entries.charge_back(hold, piece, key=key, taken=taken)], actor=actor, at=at)
    final = piece.amount_minor == hold.left_minor
    turn(
        hold,
        "charge_back",
        to=FLOW.target(hold.state, "charge_back", by="provider") if final else hold.state,
        actor=actor,
        at=at,
        deadline=timers.after_end(at=at) if final else None,
        facts={"amount_minor": piece.amount_minor, "reason": "chargeback", "entry": key},
        refunded_minor=hold.refunded_minor + piece.amount_minor,
        charged_back_minor=hold.charged_back_minor + piece.cash_minor,
        steps=hold.steps + 1,
        **({"ended_at": at, "frozen_from": "", "frozen_left": None, "chargeback_left": timers.CLOSING} if final else {}),
    )
    if final:
        issues.end_by_bank(hold, outcome=Outcome.REFUND, at=at, actor=actor)
    signals.hold_refunded.send(Hold, hold=hold, amount_minor=piece.amount_minor, final=final, reason="chargeback", at=at)
    signals.hold_charged_back.send(Hold, hold=hold, cash_minor=piece.cash_minor, final=final, at=at)
    return piece


def pay_held(hold: Hold, *, cash_minor: int, at: datetime, actor: Actor) -> Hold:
    """The bank keeps this cash, and we bear it: the seller is paid from what was held."""
    parts = parts_of(hold)
    cuts = [(part, cut.amount_minor) for part, cut in _cuts(parts, [part.left for part in parts], cash_minor, split.cut_cash)]
    hold = booking.pay_some(hold, cuts, to=State.RELEASED, reason="chargeback", actor=actor, at=at)
    if hold.state == State.RELEASED:
        issues.end_by_bank(hold, outcome=Outcome.RELEASE, at=at, actor=actor)
    return hold


def take_released(hold: Hold, *, cash_minor: int, at: datetime, actor: Actor, returned: bool = True) -> split.Piece:
    """The bank keeps this cash of what was paid to the seller. Who bears it is the caller's entry; `returned`: the seller does."""
    parts = parts_of(hold)
    cuts = _cuts(parts, [part.with_seller for part in parts], cash_minor, split.cut_back)
    if returned:
        for part, cut in cuts:
            part.add_returned(cut)
        HoldPart.objects.bulk_update([part for part, _cut in cuts], RETURNED)
    charged_back = hold.charged_back_minor + cash_minor
    turn(hold, "charged_back_after", to=hold.state, actor=actor, at=at, facts={"amount_minor": cash_minor}, charged_back_minor=charged_back)
    signals.hold_charged_back.send(Hold, hold=hold, cash_minor=cash_minor, final=hold.left_minor == 0, at=at)
    return sum((cut for _part, cut in cuts), split.Piece())


def _cuts(parts: list[HoldPart], lefts: list[split.Left], cash_minor: int, cut: split.CutCash) -> list[tuple[HoldPart, split.Piece]]:
    """In proportion to the cash of each part. All of the cash takes what coupons and points paid alone with it."""
    cash = [left.cash_minor for left in lefts]
    shares = split.spread(cash_minor, cash)
    everything = cash_minor == sum(cash)
    return [(part, cut(left, share)) for part, left, share in zip(parts, lefts, shares, strict=True) if share or (everything and left.amount_minor)]
