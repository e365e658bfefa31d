"""Moving a case toward what the provider says it is. Told twice, late or out of order, it acts once: the object is re-read, not the event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, crashes, locks
from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, NotHere, Refusal
from escrow.chargebacks import entries, settling, sharing, signals
from escrow.chargebacks.models import Chargeback
from escrow.chargebacks.states import FLOW, PENDING, Bearer, State
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Payment
from escrow.providers.base import ProviderDispute

BANK_SILENCE: Final = timedelta(days=1)  # then we ask again
UNDATED: Final = timedelta(days=7)  # to answer, when the provider names no day
FINAL: Final = timedelta(days=120)  # a decided case may turn until then
LONGEST_REASON: Final = 2000


class CaseDecided(Refusal):
    code = "chargeback_decided"
    kind = Kind.CONFLICT
    sentence = _("The bank has already decided this case.")


class NotLost(Refusal):
    code = "chargeback_not_lost"
    kind = Kind.CONFLICT
    sentence = _("Only a lost chargeback that the seller paid for can be taken over by the platform.")


@transaction.atomic
def learn(*, payment: Payment, said: ProviderDispute, at: datetime, actor: Actor) -> Chargeback:
    """What the provider says about a case."""
    locks.trade(payment.trade, *payment.holds.values_list("trade", flat=True))
    payment = locks.rows(Payment.objects.filter(pk=payment.pk))[0]
    case = next(iter(locks.rows(Chargeback.objects.filter(provider=payment.provider, ref=said.ref))), None) or _open(
        payment, said, at=at, actor=actor
    )
    case.payment = payment
    _note(case, said, at=at)
    if case.taken_at is None and said.withdrawn.amount_minor > 0:
        _take(case, said, at=at, actor=actor)
    if said.evidence_sent and case.may_answer:
        _answered(case, by="provider", at=at, actor=actor)
    _decide(case, said, at=at, actor=actor)
    return case


def _open(payment: Payment, said: ProviderDispute, *, at: datetime, actor: Actor) -> Chargeback:
    case = Chargeback.objects.create(
        provider=payment.provider,
        ref=said.ref,
        payment=payment,
        reason=said.reason[:60],
        currency=payment.currency,
        amount_minor=said.amount.amount_minor,
        bearer=settings.CHARGEBACK_BEARER,
        answer_by=said.answer_by,
        opened_at=at,
        looked_at=at,
        due_at=at + BANK_SILENCE,
    )
    sharing.share_out(case, at=at, actor=actor)
    audit.record(kind="chargeback", reference=case.reference, name="open", actor=actor, at=at, reason=said.reason, after=str(case.amount))
    if said.amount.amount_minor > payment.amount_minor:
        exceptions.report(provider=case.provider, kind="chargeback_mismatch", object_ref=said.ref, payment=payment, at=at, asked=str(said.amount))
    signals.chargeback_opened.send(Chargeback, chargeback=case, at=at)
    return case


def _note(case: Chargeback, said: ProviderDispute, *, at: datetime) -> None:
    """What may change without a move: the day, and before anything was taken, the amount."""
    case.looked_at, case.answer_by = at, said.answer_by or case.answer_by
    case.save(update_fields=["looked_at", "answer_by"])


def _take(case: Chargeback, said: ProviderDispute, *, at: datetime, actor: Actor) -> None:
    """The money left our balance."""
    if case.state != State.INQUIRY:
        exceptions.report(provider=case.provider, kind="chargeback_turned", object_ref=case.ref, payment=case.payment, at=at)
        return
    if said.amount.amount_minor != case.amount_minor:
        sharing.share_anew(case, amount_minor=said.amount.amount_minor, at=at, actor=actor)
    case.fee_minor = max(said.withdrawn.amount_minor - said.amount.amount_minor, 0)
    entries.opened(case, actor=actor, at=at)
    crashes.point("chargeback.opened_booked")
    last = case.answer_by - at if case.answer_by else UNDATED
    _turn(case, "take", by="provider", at=at, actor=actor, due=max(last, timedelta(0)), taken_at=at, fee_minor=case.fee_minor)


def _decide(case: Chargeback, said: ProviderDispute, *, at: datetime, actor: Actor) -> None:
    """By where the money is, then by the word."""
    back = said.returned.amount_minor
    if case.state == State.INQUIRY and said.status in ("inquiry_closed", "prevented", "won"):
        _drop(case, at=at, actor=actor)
    elif case.state in (State.OPEN, State.EVIDENCE) and back > 0 and said.status not in ("needs_response", "under_review"):
        settling.win(case, back_minor=back, at=at, actor=actor)
        _turn(case, "win", by="provider", at=at, actor=actor, due=FINAL, decided_at=at)
        signals.chargeback_won.send(Chargeback, chargeback=case, at=at)
    elif case.state in (State.OPEN, State.EVIDENCE) and said.status == "lost":
        settling.lose(case, at=at, actor=actor)
        _turn(case, "lose", by="provider", at=at, actor=actor, due=FINAL, decided_at=at, is_lost=True)
        signals.chargeback_lost.send(Chargeback, chargeback=case, at=at)
    elif case.state == State.LOST and back > 0:
        settling.reinstate(case, back_minor=back, at=at, actor=actor)
        _turn(case, "reinstate", by="provider", at=at, actor=actor, due=FINAL, reinstated_at=at, is_lost=False)
        signals.chargeback_won.send(Chargeback, chargeback=case, at=at)
    elif case.state == State.WON and said.status == "lost" and said.taken.amount_minor > case.fee_minor:
        exceptions.report(provider=case.provider, kind="chargeback_turned", object_ref=case.ref, payment=case.payment, at=at)
    else:
        return
    crashes.point("chargeback.ended")


def _drop(case: Chargeback, *, at: datetime, actor: Actor) -> None:
    """Nothing was ever taken."""
    sharing.let_go(case, at=at, actor=actor)
    _turn(case, "drop", by="provider", at=at, actor=actor, due=None, decided_at=at)
    signals.chargeback_closed.send(Chargeback, chargeback=case, at=at)


@transaction.atomic
def make_bear(*, case: Chargeback, bearer: str, reason: str, at: datetime, actor: Actor) -> Chargeback:
    """Staff say who pays if it is lost. After it was lost, the platform can still take over what the seller paid."""
    if actor.kind != "staff":
        raise Forbidden
    if bearer not in Bearer.values:
        raise Invalid("bearer", _("Choose who pays if it is lost."))
    if not reason.strip():
        raise Invalid("reason", _("Write why."))
    case = locked(case)
    before = case.bearer
    if case.state in PENDING:
        case.bearer, case.bearer_reason = bearer, reason.strip()[:LONGEST_REASON]
    elif case.state == State.LOST and bearer == Bearer.PLATFORM and case.absorbed_at is None and settling.absorb(case, at=at, actor=actor):
        case.bearer, case.bearer_reason, case.absorbed_at = bearer, reason.strip()[:LONGEST_REASON], at
    elif case.state == State.LOST:
        raise NotLost
    else:
        raise CaseDecided
    case.save(update_fields=["bearer", "bearer_reason", "absorbed_at"])
    audit.record(
        kind="chargeback",
        reference=case.reference,
        name="bearer",
        actor=actor,
        at=at,
        reason=reason.strip()[:LONGEST_REASON],
        before=before,
        after=bearer,
    )
    return case


@transaction.atomic
def mark_answered(*, case: Chargeback, at: datetime, actor: Actor) -> Chargeback:
    """The provider has taken our evidence."""
    case = locked(case)
    if case.may_answer:
        _answered(case, by="staff" if actor.kind == "staff" else "provider", at=at, actor=actor)
    return case


def _answered(case: Chargeback, *, by: str, at: datetime, actor: Actor) -> None:
    _turn(case, "answer", by=by, at=at, actor=actor, due=BANK_SILENCE, answered_at=at)
    signals.chargeback_answered.send(Chargeback, chargeback=case, at=at)


@transaction.atomic
def pass_time(*, case: Chargeback, at: datetime, actor: Actor) -> Chargeback:
    """Silence decides: the last day to answer is over, the bank is asked again, or a decided case is closed."""
    case = locked(case)
    if case.due_at is None or case.due_at > at:
        return case
    if case.state == State.OPEN:
        _turn(case, "lapse", by="system", at=at, actor=actor, due=BANK_SILENCE)
    elif case.state in (State.INQUIRY, State.EVIDENCE):
        _turn(case, "ask_again", by="system", at=at, actor=actor, due=BANK_SILENCE)
    else:
        _turn(case, "finish", by="system", at=at, actor=actor, due=None)
        signals.chargeback_closed.send(Chargeback, chargeback=case, at=at)
    return case


@transaction.atomic
def remind(*, case: Chargeback, at: datetime) -> None:
    """Once, three days before the bank stops listening."""
    case = locked(case)
    if case.reminded_at is None and case.may_answer:
        case.reminded_at = at
        case.save(update_fields=["reminded_at"])
        signals.chargeback_reminder_due.send(Chargeback, chargeback=case, at=at)


def locked(case: Chargeback) -> Chargeback:
    """The case as it is now: first its trades, then its payment, then its row."""
    payment = case.payment
    locks.trade(payment.trade, *payment.holds.values_list("trade", flat=True))
    payment = locks.rows(Payment.objects.filter(pk=payment.pk))[0]
    found = locks.rows(Chargeback.objects.filter(pk=case.pk))
    if not found:
        raise NotHere
    found[0].payment = payment
    return found[0]


def _turn(case: Chargeback, move: str, *, by: str, at: datetime, actor: Actor, due: timedelta | None, **changes: Any) -> None:
    before = case.state
    changes |= {"state": FLOW.target(before, move, by=by), "due_at": at + due if due is not None else None}
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))
    if move != "ask_again":
        audit.record(kind="chargeback", reference=case.reference, name=move, actor=actor, at=at, before=before, after=case.state)
