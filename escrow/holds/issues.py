"""“I have an issue”: the hold freezes until the desk decides or the buyer withdraws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Forbidden, Invalid
from core.money import Money
from escrow.holds import booking, entries, signals, timers
from escrow.holds.models import Hold, Issue
from escrow.holds.moves import HoldFrozen, IssueOpen, locked, portions, portions_or_none, refuse_frozen, side_of, turn
from escrow.holds.states import FLOW, Outcome, Reason, State

LONGEST_WORDS = 4000
RESUME = {State.FUNDED: timers.REFUND, State.SHIPPED: timers.DISPUTE, State.DELIVERED: timers.RELEASE}


@transaction.atomic
def open_issue(*, hold: Hold, reason: str, words: str = "", at: datetime, actor: Actor) -> Issue:
    """Freeze everything undecided. People open it for the buyer; the clock opens it when a parcel never arrives."""
    hold = locked(hold)
    if hold.chargeback_open:
        raise HoldFrozen
    if hold.state == State.DISPUTED:
        raise IssueOpen
    if reason not in Reason.values:
        raise Invalid("reason", _("Choose one of the reasons."))
    if len(words) > LONGEST_WORDS:
        raise Invalid("words", _("Write at most {most} characters."), most=LONGEST_WORDS)
    side = "buyer" if actor.kind in ("user", "guest") else side_of(actor)
    target = FLOW.target(hold.state, "dispute", by=side)
    issue = Issue.objects.create(
        hold=hold,
        reason=reason,
        words=words,
        automatic=actor.kind == "system",
        opened_at=at,
        opened_by_kind=actor.kind,
        opened_by=actor.reference,
    )
    entry = entries.freeze(hold)
    entries.write([entry], actor=actor, at=at)
    assert hold.due_at is not None
    turn(
        hold,
        "dispute",
        to=target,
        actor=actor,
        at=at,
        deadline=timers.after_dispute(at=at, limit_at=hold.limit_at),
        facts={"amount_minor": hold.left_minor, "reason": reason, "entry": entry.key},
        frozen_from=hold.state,
        frozen_left=max(hold.due_at - at, timedelta(0)),
        steps=hold.steps + 1,
    )
    signals.hold_disputed.send(Hold, hold=hold, issue=issue, at=at)
    return issue


@transaction.atomic
def withdraw_issue(*, hold: Hold, at: datetime, actor: Actor) -> Hold:
    """The buyer is content after all, or the parcel arrived: the clock runs on where it stood."""
    hold = locked(hold)
    if hold.chargeback_open:
        refuse_frozen(hold)
    back = State(hold.frozen_from or State.FUNDED)
    side = "buyer" if actor.kind in ("user", "guest") else "carrier" if actor.kind == "system" else side_of(actor)
    target = FLOW.target(hold.state, f"resume_{back}", by=side)
    assert hold.frozen_left is not None
    entry = entries.unfreeze(hold)
    entries.write([entry], actor=actor, at=at)
    deadline = timers.resumed(at=at, left=hold.frozen_left, move=RESUME[back], limit_at=hold.limit_at)
    turn(
        hold,
        "withdraw",
        to=target,
        actor=actor,
        at=at,
        deadline=deadline,
        facts={"amount_minor": hold.left_minor, "entry": entry.key},
        frozen_from="",
        frozen_left=None,
        steps=hold.steps + 1,
    )
    issue = _resolve(hold, Outcome.WITHDRAWN, decision="", actor=actor, at=at)
    signals.hold_undisputed.send(Hold, hold=hold, issue=issue, at=at)
    return hold


@transaction.atomic
def settle_issue(*, hold: Hold, outcome: str, reason: str, at: datetime, actor: Actor) -> Hold:
    """Decided in full. Silence decides by it; our people decide by a ruling, in escrow.disputes."""
    if actor.kind not in ("staff", "system"):
        raise Forbidden
    if outcome not in (Outcome.RELEASE, Outcome.REFUND):
        raise Invalid("outcome", _("Choose whether the money goes to the seller or back to the buyer."))
    _require_reason(reason)
    return _settle(hold, Outcome(outcome), {}, reason=reason, at=at, actor=actor)


@transaction.atomic
def divide_issue(*, hold: Hold, to_buyer: Mapping[str, int] | Money, reason: str, at: datetime, actor: Actor) -> Hold:
    """So much back to the buyer, by line or over all lines in proportion, the rest to the seller: by ruling, or as both agreed."""
    _require_reason(reason)
    hold = locked(hold)
    shares = shares_of(hold, to_buyer)
    total = sum(shares.values())
    outcome = Outcome.RELEASE if not total else Outcome.REFUND if total == hold.left_minor else Outcome.DIVIDED
    return _settle(hold, outcome, shares, reason=reason, at=at, actor=actor)


def shares_of(hold: Hold, to_buyer: Mapping[str, int] | Money) -> dict[str, int]:
    """By line, what the buyer would get: never more than is left of it."""
    if isinstance(to_buyer, Money) and to_buyer.is_zero:
        return {}
    cuts = portions(hold, amount=to_buyer, lines=None) if isinstance(to_buyer, Money) else portions_or_none(hold, to_buyer)
    return {part.line: minor for part, minor in cuts}


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason", _("Write the reason. Both sides will read it."))
    if len(reason) > LONGEST_WORDS:
        raise Invalid("reason", _("Write at most {most} characters."), most=LONGEST_WORDS)


def _settle(hold: Hold, outcome: Outcome, shares: Mapping[str, int], *, reason: str, at: datetime, actor: Actor) -> Hold:
    hold = locked(hold)
    side = side_of(actor) if actor.kind in ("staff", "system") else "system"  # both sides agreed: the house only carries it out
    target = FLOW.target(hold.state, "divide" if outcome == Outcome.DIVIDED else f"settle_{outcome}", by=side)
    if hold.chargeback_open:
        refuse_frozen(hold)
    if outcome == Outcome.RELEASE:
        booking.pay_rest([hold], reason=reason, actor=actor, at=at)
    elif outcome == Outcome.REFUND:
        booking.give_back(hold, portions(hold, amount=None, lines=None), to=target, reason=reason, actor=actor, at=at)
    else:
        booking.divide(hold, shares, to=target, reason=reason, actor=actor, at=at)
    _resolve(hold, outcome, decision=reason, actor=actor, at=at)
    return hold


def end_by_bank(hold: Hold, *, outcome: Outcome, at: datetime, actor: Actor) -> None:
    """The buyer's bank decided what the issue was about."""
    if Issue.objects.filter(hold=hold, resolved_at__isnull=True).exists():
        _resolve(hold, outcome, decision=gettext("The buyer's bank took the payment back."), actor=actor, at=at)


def _resolve(hold: Hold, outcome: Outcome, *, decision: str, actor: Actor, at: datetime) -> Issue:
    issue = Issue.objects.select_for_update().get(hold=hold, resolved_at__isnull=True)
    issue.outcome, issue.decision, issue.resolved_at = outcome, decision, at
    issue.decided_by_kind, issue.decided_by = actor.kind, actor.reference
    issue.save(update_fields=["outcome", "decision", "resolved_at", "decided_by_kind", "decided_by"])
    signals.issue_resolved.send(Issue, issue=issue, hold=hold, at=at)
    return issue
