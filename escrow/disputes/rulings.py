"""The desk decides, a second person approves what is large, either side may appeal once; then the money moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money, parse
from escrow.disputes import clocks
from escrow.disputes.models import Dispute, Ruling
from escrow.disputes.moves import close, locked, refuse_stopped, require_side, turn, worded
from escrow.disputes.states import ARRIVE, EXECUTE, FLOW, KEEP, Ending, Side, State
from escrow.holds import operations as holds
from escrow.holds.issues import shares_of
from escrow.holds.models import Hold


class SamePerson(Forbidden):
    code = "same_person"
    sentence = _("Somebody else has to do this: you decided the case before.")


class AppealedAlready(Refusal):
    code = "appealed_already"
    kind = Kind.CONFLICT
    sentence = _("There is one appeal in a dispute, and it was made.")


def needs_second_person(hold: Hold) -> bool:
    """Above the limit, in the units of the hold's currency."""
    return bool(hold.left_minor > parse(settings.RULING_LIMIT, hold.currency).amount_minor)


@transaction.atomic
def begin_deciding(*, dispute: Dispute, by: str, at: datetime, actor: Actor) -> Dispute:
    """The window for evidence is over, or our team takes the case up before: nobody has more to say."""
    dispute = locked(dispute)
    refuse_stopped(dispute)
    turn(dispute, "judge", by=by, at=at, actor=actor, due_at=None, due_move="", decide_by=at + clocks.DECISION)
    return dispute


@transaction.atomic
def rule(*, dispute: Dispute, to_buyer: Mapping[str, int] | Money, must_return: bool = False, reason: str, at: datetime, actor: Actor) -> Ruling:
    """Decide. The first ruling stands still for an appeal; the one about an appeal is final."""
    _staff(actor)
    dispute = locked(dispute)
    refuse_stopped(dispute)
    reason = worded("reason", reason)
    shares = shares_of(dispute.hold, to_buyer)
    total = sum(shares.values())
    if must_return and not total:
        raise Invalid("must_return", _("Goods only go back when the buyer gets money back."))
    if dispute.state == State.APPEALED:
        return _rule_appeal(dispute, shares, total, must_return=must_return, reason=reason, at=at, actor=actor)
    is_large = needs_second_person(dispute.hold)
    FLOW.target(dispute.state, "propose" if is_large else "rule", by="staff")
    ruling = Ruling.objects.create(
        dispute=dispute, to_buyer=shares, to_buyer_minor=total, must_return=must_return, reason=reason, decided_by=actor.reference,
        decided_at=at, needs_approval=is_large,
    )  # fmt: skip
    if is_large:
        turn(dispute, "propose", by="staff", at=at, actor=actor, reason=reason, decide_by=at + clocks.DECISION)
    else:
        _let_stand(dispute, "rule", at=at, actor=actor, reason=reason)
    return ruling


@transaction.atomic
def approve(*, dispute: Dispute, at: datetime, actor: Actor) -> Dispute:
    """A second person agrees."""
    _staff(actor)
    dispute = locked(dispute)
    ruling = _waiting(dispute)
    if ruling.decided_by == actor.reference:
        raise SamePerson
    Ruling.objects.filter(pk=ruling.pk).update(approved_by=actor.reference, approved_at=at)
    _let_stand(dispute, "approve", at=at, actor=actor)
    return dispute


@transaction.atomic
def send_back(*, dispute: Dispute, words: str, at: datetime, actor: Actor) -> Dispute:
    """A second person disagrees, and says why: it is decided anew."""
    _staff(actor)
    dispute = locked(dispute)
    ruling = _waiting(dispute)
    if ruling.decided_by == actor.reference:
        raise SamePerson
    words = worded("words", words)
    Ruling.objects.filter(pk=ruling.pk).update(sent_back_at=at, sent_back_words=words)
    turn(dispute, "send_back", by="staff", at=at, actor=actor, reason=words, decide_by=at + clocks.DECISION)
    return dispute


@transaction.atomic
def appeal(*, dispute: Dispute, side: str, words: str, at: datetime, actor: Actor) -> Dispute:
    """One appeal, with something new to say, while the ruling stands still. Another person decides it."""
    dispute = locked(dispute)
    refuse_stopped(dispute)
    if dispute.appealed_by:
        raise AppealedAlready
    words = worded("words", words)
    turn(
        dispute,
        "appeal",
        by=require_side(side),
        at=at,
        actor=actor,
        appealed_by=side,
        appeal_words=words,
        due_at=None,
        due_move="",
        decide_by=at + clocks.DECISION,
    )
    return dispute


@transaction.atomic
def accept_ruling(*, dispute: Dispute, side: str, at: datetime, actor: Actor) -> Dispute:
    """The side that got less is content: nobody waits for the end of the standstill."""
    dispute = locked(dispute)
    ruling = standing(dispute)
    FLOW.target(dispute.state, "execute", by=require_side(side))
    if side != _loser(dispute.hold, ruling):
        raise Invalid(None, _("The other side may still appeal until the time is over."))
    execute(dispute, by=side, at=at, actor=actor)
    return dispute


def execute(dispute: Dispute, *, by: str, at: datetime, actor: Actor) -> None:
    """The ruling stands: the money moves, or the goods go back first."""
    refuse_stopped(dispute)
    ruling = standing(dispute)
    if ruling.must_return:
        turn(dispute, "ask_return", by=by, at=at, actor=actor, due_at=at + clocks.SHIP_BACK, due_move=KEEP)
        return
    close(dispute, "execute", by=by, ending=Ending.RULED, at=at, actor=actor)
    _pay(dispute, ruling, at=at, actor=actor)


@transaction.atomic
def ship_back(*, dispute: Dispute, carrier: str, tracking: str, at: datetime, actor: Actor) -> Dispute:
    """The buyer has sent the goods back."""
    dispute = locked(dispute)
    carrier, tracking = carrier.strip()[:40], tracking.strip()
    if not tracking or len(tracking) > 60 or not tracking.isprintable():
        raise Invalid("tracking", _("Write the tracking number of the parcel, up to 60 characters."))
    turn(
        dispute,
        "ship_back",
        by="buyer",
        at=at,
        actor=actor,
        return_carrier=carrier,
        return_tracking=tracking,
        due_at=at + clocks.WAY_BACK,
        due_move=ARRIVE,
    )
    return dispute


@transaction.atomic
def arrive(*, dispute: Dispute, by: str, at: datetime, actor: Actor) -> Dispute:
    """The goods are back: the ruling is carried out."""
    dispute = locked(dispute)
    refuse_stopped(dispute)
    ruling = standing(dispute)
    close(dispute, "arrive", by=by, ending=Ending.RULED, at=at, actor=actor)
    _pay(dispute, ruling, at=at, actor=actor)
    return dispute


@transaction.atomic
def object_to_return(*, dispute: Dispute, words: str, at: datetime, actor: Actor) -> Dispute:
    """Something else came back, or nothing: our team looks again."""
    dispute = locked(dispute)
    words = worded("words", words)
    turn(
        dispute, "object", by="seller", at=at, actor=actor, appealed_by=Side.SELLER, appeal_words=words, due_at=None, due_move="",
        decide_by=at + clocks.DECISION,
    )  # fmt: skip
    return dispute


def keep(dispute: Dispute, *, by: str, at: datetime, actor: Actor) -> None:
    """Nothing was sent back in time: the buyer keeps the goods and the seller the money."""
    refuse_stopped(dispute)
    ending = Ending.SILENCE if by == Side.SYSTEM else Ending.WITHDRAWN
    close(dispute, "keep", by=by, ending=ending, at=at, actor=actor)
    reason = str(_("The goods were not sent back in time, so the seller is paid."))
    holds.divide_issue(hold=dispute.hold, to_buyer={}, reason=reason, at=at, actor=actor)


def standing(dispute: Dispute) -> Ruling:
    """The ruling that counts now."""
    ruling = dispute.rulings.filter(sent_back_at__isnull=True).order_by("-round").first()
    if ruling is None:
        raise Invalid(None, _("Nothing has been decided yet."))
    return ruling


def _rule_appeal(dispute: Dispute, shares: Mapping[str, int], total: int, *, must_return: bool, reason: str, at: datetime, actor: Actor) -> Ruling:
    before = standing(dispute)
    if actor.reference in (before.decided_by, before.approved_by):
        raise SamePerson
    ruling = Ruling.objects.create(
        dispute=dispute, round=before.round + 1, to_buyer=dict(shares), to_buyer_minor=total, must_return=must_return, reason=reason,
        decided_by=actor.reference, decided_at=at,
    )  # fmt: skip
    if must_return:
        turn(
            dispute, "rule_appeal_return", by="staff", at=at, actor=actor, reason=reason, due_at=at + clocks.SHIP_BACK, due_move=KEEP, decide_by=None
        )
        return ruling
    close(dispute, "rule_appeal", by="staff", ending=Ending.RULED, at=at, actor=actor, reason=reason)
    _pay(dispute, ruling, at=at, actor=actor)
    return ruling


def _let_stand(dispute: Dispute, move: str, *, at: datetime, actor: Actor, reason: str = "") -> None:
    turn(dispute, move, by="staff", at=at, actor=actor, reason=reason, decide_by=None, due_at=at + clocks.STANDSTILL, due_move=EXECUTE)


def _pay(dispute: Dispute, ruling: Ruling, *, at: datetime, actor: Actor) -> None:
    holds.divide_issue(hold=dispute.hold, to_buyer=ruling.to_buyer, reason=ruling.reason, at=at, actor=actor)


def _waiting(dispute: Dispute) -> Ruling:
    FLOW.target(dispute.state, "approve", by="staff")
    return standing(dispute)


def _loser(hold: Hold, ruling: Ruling) -> str:
    """Who got less than half, and so would be the one to appeal."""
    return Side.BUYER if ruling.to_buyer_minor * 2 < hold.left_minor else Side.SELLER


def _staff(actor: Actor) -> None:
    if actor.kind != "staff":
        raise Forbidden
