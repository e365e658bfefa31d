"""Our team gives money back after release: at once up to the limit, above it by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money, parse
from escrow.holds.models import Hold
from escrow.holds.moves import locked, refuse_frozen
from escrow.late_refunds import operations as late
from escrow.late_refunds import signals
from escrow.late_refunds.models import LateRefund
from escrow.late_refunds.states import FLOW, Grant


class OneWaits(Refusal):
    code = "late_refund_waits"
    kind = Kind.CONFLICT
    sentence = _("A refund of this hold already waits for a second person. Decide that one first.")


class NoneWaits(Refusal):
    code = "no_late_refund_waits"
    kind = Kind.CONFLICT
    sentence = _("No refund of this hold waits for a second person.")


class AskedByYou(Forbidden):
    code = "same_person"
    sentence = _("Somebody else has to give it: you asked for it.")


@transaction.atomic
def ask(*, hold: Hold, amount: Money | None = None, parts: Mapping[str, int] | None = None, reason: str, at: datetime, actor: Actor) -> LateRefund:
    """An amount, or amounts by line. What our team gave of this hold before counts towards the limit."""
    _require(actor)
    hold = locked(hold)
    refuse_frozen(hold)
    if LateRefund.objects.filter(hold=hold, state=Grant.ASKED).exists():
        raise OneWaits
    reason = _worded("reason", reason)
    total = late.amount_of(hold, amount=amount, parts=parts)
    given = LateRefund.objects.filter(hold=hold, state=Grant.GIVEN).aggregate(total=Sum("amount_minor", default=0))["total"]
    is_large = total + given > parse(settings.RULING_LIMIT, hold.currency).amount_minor
    asked = LateRefund(hold=hold, amount_minor=total, parts=dict(parts) if parts else None, reason=reason, asked_by=actor.reference, asked_at=at)
    asked.needs_approval = is_large
    if is_large:
        asked.save(force_insert=True)
        audit.record(kind="late_refund", reference=asked.reference, name="ask", actor=actor, at=at, reason=reason, after=str(asked.amount))
        return asked
    return _give(asked, at=at, actor=actor)


@transaction.atomic
def approve(*, hold: Hold, at: datetime, actor: Actor) -> LateRefund:
    """A second person gives what the first one asked for."""
    _require(actor)
    asked = _waiting(hold)
    if asked.asked_by == actor.reference:
        raise AskedByYou
    return _give(asked, at=at, actor=actor)


@transaction.atomic
def refuse(*, hold: Hold, words: str, at: datetime, actor: Actor) -> LateRefund:
    """It is not given; whoever asked for it may take it back so too."""
    _require(actor)
    asked = _waiting(hold)
    asked.state = FLOW.target(asked.state, "refuse", by="staff")
    asked.answer, asked.decided_by, asked.decided_at = _worded("words", words), actor.reference, at
    asked.save()
    audit.record(kind="late_refund", reference=asked.reference, name="refuse", actor=actor, at=at, reason=asked.answer)
    return asked


def _give(asked: LateRefund, *, at: datetime, actor: Actor) -> LateRefund:
    asked.state = FLOW.target(asked.state, "give", by="staff")
    amount = None if asked.parts else asked.amount
    hold = late.give_back(hold=asked.hold, amount=amount, parts=asked.parts, reason=asked.reason, at=at, actor=actor, by="staff")
    asked.decided_by, asked.decided_at, asked.entry = actor.reference, at, late.key_of(hold)
    asked.save()
    audit.record(kind="late_refund", reference=asked.reference, name="give", actor=actor, at=at, reason=asked.reason, after=str(asked.amount))
    signals.given_by_staff.send(LateRefund, hold=hold, amount_minor=asked.amount_minor, reason=asked.reason, at=at, actor=actor)
    return asked


def _waiting(hold: Hold) -> LateRefund:
    hold = locked(hold)
    found = locks.rows(LateRefund.objects.filter(hold=hold, state=Grant.ASKED))
    if not found:
        raise NoneWaits
    found[0].hold = hold
    return found[0]


def _worded(field: str, words: str) -> str:
    words = words.strip()
    if not words:
        raise Invalid(field, _("Write why. The buyer and the seller will read it."))
    if len(words) > late.LONGEST_REASON:
        raise Invalid(field, _("Write at most {most} characters."), most=late.LONGEST_REASON)
    return words


def _require(actor: Actor) -> None:
    if actor.kind != "staff":
        raise Forbidden
