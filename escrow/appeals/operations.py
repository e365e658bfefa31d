"""One appeal for each dispute: while the ruling stands still by its own move, later about money that has moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money
from escrow.disputes import clocks, queries, rulings, signals
from escrow.disputes.models import Appeal, Dispute
from escrow.disputes.moves import is_over, locked, refuse_stopped, require_side, worded
from escrow.disputes.rulings import AppealedAlready, SamePerson
from escrow.disputes.states import APPEAL, Ending, Side
from escrow.late_refunds import operations as late_refunds
from escrow.late_refunds import queries as late


class NothingToAppeal(Refusal):
    code = "nothing_to_appeal"
    kind = Kind.CONFLICT
    sentence = _("Only a decision of our team that left money with the seller can be appealed now.")


class AppealOver(Refusal):
    code = "appeal_over"
    kind = Kind.CONFLICT
    sentence = _("An appeal was possible until {day}. The decision is final.")


class MoneyIsBack(Refusal):
    code = "money_is_back"
    kind = Kind.CONFLICT
    sentence = _("Money that went back to the buyer cannot be fetched again, so a seller may appeal only before it moves: this decision is final.")


@transaction.atomic
def appeal(*, dispute: Dispute, side: str, words: str, at: datetime, actor: Actor) -> Dispute:
    """Once, with something new: before the money moves by either side, afterwards by the buyer within 30 days of the ruling."""
    dispute = locked(dispute)
    if not is_over(dispute):
        return rulings.appeal(dispute=dispute, side=side, words=words, at=at, actor=actor)
    _refuse_late(dispute, require_side(side), at=at)
    words = worded("words", words)
    made = Appeal.objects.create(
        dispute=dispute, words=words, opened_at=at, opened_by=actor.reference, decide_by=at + clocks.DECISION, due_at=at + clocks.SECOND_LOOK
    )
    _tell(made, "late_appeal", by=side, before="", at=at, actor=actor)
    return dispute


@transaction.atomic
def decide(*, dispute: Dispute, more: Money, reason: str, at: datetime, actor: Actor) -> Appeal:
    """Somebody who did not decide before: so much more to the buyer, from what the seller was paid; zero leaves the decision as it is."""
    if actor.kind != "staff":
        raise Forbidden
    dispute = locked(dispute)
    refuse_stopped(dispute)
    found = _open(dispute)
    if dispute.rulings.filter(decided_by=actor.reference).exists() or dispute.rulings.filter(approved_by=actor.reference).exists():
        raise SamePerson
    reason = worded("reason", reason)
    if more.currency != dispute.hold.currency or more.amount_minor < 0:
        raise Invalid("more", _("Write an amount from 0 to {left}."), left=str(late.with_seller(dispute.hold)))
    move, entry = "uphold", ""
    if more.amount_minor:
        move = "grant"
        hold = late_refunds.give_back(hold=dispute.hold, amount=more, reason=reason, at=at, actor=actor, by="staff")
        entry = late_refunds.key_of(hold)
    _close(found, move, by="staff", at=at, actor=actor, more_minor=more.amount_minor, reason=reason, decided_by=actor.reference, entry=entry)
    return found


def lapse(found: Appeal, *, at: datetime, actor: Actor) -> None:
    """Our team was silent: the decision stays as it was. The caller holds the trade's lock."""
    _close(found, "lapse", by="system", at=at, actor=actor)


def _refuse_late(dispute: Dispute, side: str, *, at: datetime) -> None:
    refuse_stopped(dispute)
    if dispute.appealed_by or Appeal.objects.filter(dispute=dispute).exists():
        raise AppealedAlready
    until = queries.appeal_until(dispute)
    if dispute.ending != Ending.RULED or until is None or late.with_seller(dispute.hold).is_zero:
        raise NothingToAppeal
    if side == Side.SELLER:
        raise MoneyIsBack
    if at >= until:
        raise AppealOver(day=f"{until:%Y-%m-%d %H:%M} UTC")


def _open(dispute: Dispute) -> Appeal:
    found = locks.rows(Appeal.objects.filter(dispute=dispute))
    if not found:
        raise NothingToAppeal
    found[0].dispute = dispute
    return found[0]


def _close(found: Appeal, move: str, *, by: str, at: datetime, actor: Actor, **changes: Any) -> None:
    before = found.state
    changes = {"state": APPEAL.target(before, move, by=by), "closed_at": at, "due_at": None, **changes}
    Appeal.objects.filter(pk=found.pk).update(**changes)
    for name, value in changes.items():
        setattr(found, name, value)
    _tell(found, "late_lapse" if move == "lapse" else "late_ruling", by=by, before=before, at=at, actor=actor)


def _tell(found: Appeal, name: str, *, by: str, before: str, at: datetime, actor: Actor) -> None:
    dispute = found.dispute
    audit.record(
        kind="dispute", reference=dispute.reference, name=name, actor=actor, at=at, reason=found.reason, before=before, after=found.state
    )  # fmt: skip
    dispute.late_appeal = found  # what is read after the move is as it is now
    signals.dispute_moved.send(Dispute, dispute=dispute, name=name, side=by, at=at)
