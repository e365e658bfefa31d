"""A dispute from its opening to the desk: what both sides may do by themselves, and what the hold does to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import locks
from core.actors import Actor
from core.errors import Invalid, Kind, Refusal
from core.money import Money
from escrow.disputes import clocks, joint, signals
from escrow.disputes.models import Dispute, Note, Proposal
from escrow.disputes.moves import DisputeOver, close, is_over, locked, refuse_stopped, require_side, turn, worded
from escrow.disputes.states import ESCALATE, FLOW, JUDGE, UNRULED, Ending, Offer, Side, State
from escrow.holds import operations as holds
from escrow.holds import split
from escrow.holds.models import Hold, Issue
from escrow.holds.states import Outcome
from vendors.models import Vendor

MOST_NOTES = 500


class TooEarly(Refusal):
    code = "dispute_too_early"
    kind = Kind.CONFLICT
    sentence = _("Give the seller until {day} to answer. After that you can hand it to our team.")


class NoOpenProposal(Refusal):
    code = "proposal_gone"
    kind = Kind.CONFLICT
    sentence = _("There is no open proposal of the other side any more. Look at the page again.")


class OwnProposal(Refusal):
    code = "proposal_is_yours"
    kind = Kind.CONFLICT
    sentence = _("The other side has to answer your proposal first. You can change it, but not accept it.")


class TalksOver(Refusal):
    code = "talks_over"
    kind = Kind.CONFLICT
    sentence = _("Our team has decided already. Proposals are over.")


def open(*, issue: Issue, at: datetime, actor: Actor) -> Dispute:
    """The hold is frozen by an issue: its dispute begins, in the same transaction. A parcel that never arrived begins it by itself."""
    hold = issue.hold
    zone = Vendor.objects.filter(party__key=hold.seller).values_list("time_zone", flat=True).first() or "UTC"
    due_at = clocks.within(hold.limit_at, clocks.answer_by(at, zone))
    dispute = Dispute.objects.create(issue=issue, hold=hold, opened_at=at, due_at=due_at, due_move=ESCALATE)
    signals.dispute_moved.send(Dispute, dispute=dispute, name="open", side=Side.SYSTEM if issue.automatic else Side.BUYER, at=at)
    return dispute


def end_with_issue(*, issue: Issue, at: datetime, actor: Actor) -> None:
    """The hold went its way without a ruling: the buyer is content, the parcel arrived, the bank or silence decided."""
    found = locks.rows(Dispute.objects.filter(issue=issue).exclude(state=State.CLOSED).select_related("hold"))
    for dispute in found:
        if issue.outcome == Outcome.WITHDRAWN:
            ending = Ending.ARRIVED if issue.decided_by_kind in ("carrier", "system") else Ending.WITHDRAWN
        else:
            ending = Ending.BANK if issue.decided_by_kind == "provider" else Ending.SILENCE
        close(dispute, "end", by="system", ending=ending, at=at, actor=actor)


@transaction.atomic
def propose(*, dispute: Dispute, side: str, to_buyer: Money, words: str = "", for_all: bool = False, at: datetime, actor: Actor) -> Proposal:
    """What this side would settle for. It takes the place of any earlier one; the seller's first proposal is also the answer.

    `for_all`: for every frozen part of a plan together, each in proportion.
    """
    dispute = _talking(dispute, side)
    hold = dispute.hold
    if to_buyer.currency != hold.currency:
        raise Invalid("to_buyer", _("This order is in {currency}."), currency=hold.currency)
    frozen = sum(one.hold.left_minor for one in joint.cases_of(dispute)) if for_all else hold.left_minor
    if not 0 <= to_buyer.amount_minor <= frozen:
        raise Invalid("to_buyer", _("Propose an amount from 0 to {left}."), left=str(Money(frozen, hold.currency)))
    words = worded("words", words, needed=False)
    dispute.proposals.filter(state=Offer.OPEN).update(state=Offer.COUNTERED, answered_at=at)
    made = Proposal.objects.create(
        dispute=dispute,
        side=side,
        to_buyer_minor=to_buyer.amount_minor,
        of_minor=frozen if for_all else None,
        words=words,
        made_at=at,
        expires_at=clocks.within(hold.limit_at, at + clocks.PROPOSAL),
    )
    _answered(dispute, side, at=at, actor=actor)
    signals.dispute_moved.send(Dispute, dispute=dispute, name="proposal", side=side, at=at)
    return made


@transaction.atomic
def accept(*, dispute: Dispute, side: str, to_buyer_minor: int | None = None, at: datetime, actor: Actor) -> Dispute:
    """Both sides agree: the money is divided at once. `to_buyer_minor`: what this side saw, so that no other proposal takes its place unseen."""
    dispute = _talking(dispute, side)
    refuse_stopped(dispute)
    offer = dispute.proposals.filter(state=Offer.OPEN, expires_at__gt=at).first()
    if offer is None:
        raise NoOpenProposal
    if offer.side == side:
        raise OwnProposal
    if to_buyer_minor is not None and to_buyer_minor != offer.to_buyer_minor:
        raise NoOpenProposal
    if offer.is_joint:
        _agree_together(dispute, offer, side, at=at, actor=actor)
    else:
        Proposal.objects.filter(pk=offer.pk).update(state=Offer.ACCEPTED, answered_at=at)
        _agree(dispute, offer.to_buyer_minor, side, at=at, actor=actor)
    return dispute


def _agree(dispute: Dispute, minor: int, side: str, *, at: datetime, actor: Actor) -> None:
    amount = Money(minor, dispute.hold.currency)
    close(dispute, "agree", by=side, ending=Ending.AGREED, at=at, actor=actor)
    reason = str(_("Both sides agreed: {amount} back to the buyer.")).format(amount=amount)
    holds.divide_issue(hold=dispute.hold, to_buyer=amount, reason=reason, at=at, actor=actor)


def _agree_together(dispute: Dispute, offer: Proposal, side: str, *, at: datetime, actor: Actor) -> None:
    """Every frozen part gives its share; when one of them was decided meanwhile, the offer meant something else."""
    cases = [locked(one) for one in joint.cases_of(dispute)]
    left = [one.hold.left_minor for one in cases]
    if sum(left) != offer.of_minor:
        raise NoOpenProposal
    for case, minor in zip(cases, split.spread(offer.to_buyer_minor, left), strict=True):
        refuse_stopped(case)
        case.proposals.filter(state=Offer.OPEN).exclude(pk=offer.pk).update(state=Offer.COUNTERED, answered_at=at)
        if case.pk == dispute.pk:
            Proposal.objects.filter(pk=offer.pk).update(state=Offer.ACCEPTED, answered_at=at, share_minor=minor)
        else:
            case.proposals.create(
                side=offer.side, to_buyer_minor=minor, words=offer.words, state=Offer.ACCEPTED, made_at=offer.made_at, expires_at=offer.expires_at,
                answered_at=at,
            )  # fmt: skip
        _agree(case, minor, side, at=at, actor=actor)


@transaction.atomic
def write(*, dispute: Dispute, side: str, words: str, is_internal: bool = False, at: datetime, actor: Actor) -> Note:
    """A message to the other side and our team, or between our people. The seller's first one is the answer."""
    dispute = locked(dispute)
    if is_over(dispute):
        raise DisputeOver
    if dispute.notes.count() >= MOST_NOTES:
        raise Invalid("words", _("This dispute has enough messages. Our team will decide by what is here."))
    words = worded("words", words)
    note = Note.objects.create(dispute=dispute, side=side, by=actor.reference, words=words, is_internal=is_internal and side == Side.STAFF, at=at)
    if side != Side.STAFF:
        _answered(dispute, side, at=at, actor=actor)
    if not note.is_internal:
        signals.dispute_moved.send(Dispute, dispute=dispute, name="note", side=side, at=at)
    return note


@transaction.atomic
def escalate(*, dispute: Dispute, side: str, at: datetime, actor: Actor) -> Dispute:
    """Hand it to our team: the seller at any time, the buyer from the fourth day or once the seller has answered."""
    dispute = locked(dispute)
    refuse_stopped(dispute)
    FLOW.target(dispute.state, "escalate", by=require_side(side))
    if side == Side.BUYER and dispute.answered_at is None and at < clocks.buyer_may_escalate_from(dispute.opened_at):
        raise TooEarly(day=f"{clocks.buyer_may_escalate_from(dispute.opened_at):%Y-%m-%d %H:%M} UTC")
    to_the_desk(dispute, by=side, at=at, actor=actor)
    return dispute


def to_the_desk(dispute: Dispute, *, by: str, at: datetime, actor: Actor) -> None:
    turn(dispute, "escalate", by=by, at=at, actor=actor, escalated_at=at, due_at=at + clocks.EVIDENCE, due_move=JUDGE)


@transaction.atomic
def withdraw(*, dispute: Dispute, at: datetime, actor: Actor) -> Hold:
    """The buyer is content after all: the clock of the hold runs on."""
    dispute = locked(dispute)
    refuse_stopped(dispute)
    close(dispute, "withdraw", by="buyer", ending=Ending.WITHDRAWN, at=at, actor=actor)
    return holds.withdraw_issue(hold=dispute.hold, at=at, actor=actor)


def _talking(dispute: Dispute, side: str) -> Dispute:
    require_side(side)
    dispute = locked(dispute)
    if is_over(dispute):
        raise DisputeOver
    if dispute.state not in UNRULED:
        raise TalksOver
    return dispute


def _answered(dispute: Dispute, side: str, *, at: datetime, actor: Actor) -> None:
    if side == Side.SELLER and dispute.state == State.OPENED:
        due_at = max(clocks.talks_end(dispute.opened_at), at)
        turn(dispute, "answer", by=side, at=at, actor=actor, answered_at=at, due_at=due_at, due_move=ESCALATE)
