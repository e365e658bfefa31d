"""What every operation of a dispute shares: the lock, the move written once, and its refusals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import Actor
from core.errors import Busy, Invalid, Kind, NotHere, Refusal
from escrow.disputes import clocks, signals
from escrow.disputes.models import Dispute
from escrow.disputes.states import FLOW, Ending, Side, State
from escrow.holds.models import Hold
from escrow.holds.moves import HoldFrozen

LONGEST_WORDS = 4000


class DisputeOver(Refusal):
    code = "dispute_over"
    kind = Kind.CONFLICT
    sentence = _("This dispute is closed.")


class BankExamines(HoldFrozen):
    code = "bank_examines"
    sentence = _("The buyer's bank examines this payment. Nothing moves until it has decided.")


def locked(dispute: Dispute) -> Dispute:
    """The dispute as it is now, locked behind its trade; its hold comes with it."""
    hold = dispute.hold
    locks.trade(hold.trade)
    found = locks.rows(Dispute.objects.filter(pk=dispute.pk).select_related("hold__payment", "issue"))
    if not found:
        raise NotHere
    (dispute,) = found
    dispute.hold = locks.rows(Hold.objects.filter(pk=dispute.hold_id).select_related("payment"))[0]
    return dispute


def refuse_stopped(dispute: Dispute) -> None:
    """A bank's case stops everything."""
    if dispute.hold.chargeback_open:
        raise BankExamines


def turn(dispute: Dispute, move: str, *, by: str, at: datetime, actor: Actor, reason: str = "", **changes: Any) -> None:
    """One move by the table: guarded by the state it starts from, told in the trail, announced."""
    before = dispute.state
    changes = {"state": FLOW.target(before, move, by=by), **changes}
    if changes.get("due_at"):
        changes["due_at"] = clocks.within(dispute.hold.limit_at, changes["due_at"])
    if not Dispute.objects.filter(pk=dispute.pk, state=before).update(**changes):
        raise Busy
    for name, value in changes.items():
        setattr(dispute, name, value)
    audit.record(kind="dispute", reference=dispute.reference, name=move, actor=actor, at=at, reason=reason, before=before, after=dispute.state)
    signals.dispute_moved.send(Dispute, dispute=dispute, name=move, side=by, at=at)


def close(dispute: Dispute, move: str, *, by: str, ending: Ending, at: datetime, actor: Actor, reason: str = "") -> None:
    turn(dispute, move, by=by, at=at, actor=actor, reason=reason, ending=ending, closed_at=at, due_at=None, due_move="", decide_by=None)


def worded(field: str, words: str, *, needed: bool = True) -> str:
    """Tidy words of a person."""
    words = words.replace("\r\n", "\n").strip()
    if needed and not words:
        raise Invalid(field, _("Write a few words. The other side will read them."))
    if len(words) > LONGEST_WORDS:
        raise Invalid(field, _("Write at most {most} characters."), most=LONGEST_WORDS)
    return words


def require_side(side: str) -> str:
    if side not in (Side.BUYER, Side.SELLER):
        raise NotHere
    return side


def is_over(dispute: Dispute) -> bool:
    return dispute.state == State.CLOSED
