"""What pages and machines read about disputes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Money
from core.together import remember, together
from escrow.disputes import clocks, joint
from escrow.disputes.models import Appeal, Dispute, Exhibit, Note, Proposal, Ruling
from escrow.disputes.states import ARRIVE, ESCALATE, EXECUTE, JUDGE, KEEP, UNRULED, Ending, Offer, Review, Side, State
from escrow.holds import queries as holds
from escrow.holds.issues import shares_of
from escrow.holds.models import Hold, HoldPart, Issue
from escrow.holds.queries import PreviewLine

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """Who must do what by when, and what silence does; the same for everybody who looks."""

    next_action: str
    who: str
    due_at: datetime | None
    sentence: Words
    what_happens_if_silent: Words


_STEPS: dict[str, tuple[str, str, Words]] = {
    State.OPENED: ("answer", "seller", _("The seller answers or proposes an amount.")),
    State.TALKING: ("agree", "both", _("Agree on an amount, or hand it to our team.")),
    State.EVIDENCE: ("show", "both", _("Both sides show their evidence. Then our team decides.")),
    State.DECIDING: ("decide", "staff", _("Our team reads both sides and decides.")),
    State.CHECKING: ("approve", "staff", _("A second person of our team checks the decision.")),
    State.RULED: (
        "accept",
        "both",
        _("It is decided. Either side may appeal once before the money moves, with something new; the buyer still for 30 days."),
    ),
    State.APPEALED: ("decide", "staff", _("Somebody else of our team decides about the appeal.")),
    State.RETURNING: ("ship_back", "buyer", _("The buyer sends the goods back and writes the tracking number here.")),
    State.ON_WAY_BACK: ("confirm_return", "seller", _("The seller confirms that the goods are back.")),
}
_SILENCE: dict[str, Words] = {
    ESCALATE: _("It goes to our team by itself."),
    JUDGE: _("Our team decides by what is here."),
    EXECUTE: _("The decision is carried out."),
    KEEP: _("The buyer keeps the goods and the seller is paid."),
    ARRIVE: _("The buyer gets the money back."),
}
_DESK: Words = _("What was never sent goes back to the buyer, the rest is paid to the seller.")


def next_step(dispute: Dispute) -> Step | None:
    """None when it is closed and nobody appealed."""
    if dispute.state == State.CLOSED:
        return _second_look(dispute)
    if dispute.hold.chargeback_open:
        return Step("wait", "bank", None, _("The buyer's bank examines the payment."), _("Nothing moves until the bank has decided."))
    action, who, sentence = _STEPS[dispute.state]
    if dispute.due_at is None:
        return Step(action, who, dispute.decide_by, sentence, _DESK)
    return Step(action, who, dispute.due_at, sentence, _SILENCE[dispute.due_move])


def _second_look(dispute: Dispute) -> Step | None:
    """After the money has moved."""
    found = late_appeal_of(dispute)
    if found is None or not found.is_open:
        return None
    return Step("decide", "staff", found.decide_by, _STEPS[State.APPEALED][2], _("The decision stays as it was."))


def late_appeal_of(dispute: Dispute) -> Appeal | None:
    """The appeal that came after the money had moved."""
    return getattr(dispute, "late_appeal", None)


def appeal_until(dispute: Dispute) -> datetime | None:
    """Until when the buyer may still appeal against a ruling that was carried out; None where it left the seller nothing."""
    stood = [ruling for ruling in dispute.rulings.all() if ruling.stands]
    if dispute.ending != Ending.RULED or not dispute.hold.released_minor or not stood:
        return None
    return (stood[-1].approved_at or stood[-1].decided_at) + clocks.APPEAL


def may_appeal_late(dispute: Dispute, side: str, *, at: datetime) -> bool:
    """Only the buyer: what went back to a card cannot be fetched again for the seller."""
    if side != Side.BUYER or dispute.appealed_by or late_appeal_of(dispute) is not None:
        return False
    until = appeal_until(dispute)
    return until is not None and at < until


def actions_of(dispute: Dispute, side: str, *, at: datetime) -> tuple[str, ...]:
    """What this side may do now."""
    if dispute.state == State.CLOSED:
        return ("appeal",) if may_appeal_late(dispute, side, at=at) and not dispute.hold.chargeback_open else ()
    if dispute.hold.chargeback_open:
        return ("write", "show")
    found = ["write", "show"]
    if dispute.state in UNRULED:
        found.append("propose")
        offer = open_proposal(dispute, at=at)
        found += ["accept"] if offer and offer.side != side else []
        found += ["withdraw"] if side == Side.BUYER else []
    if dispute.state in (State.OPENED, State.TALKING) and (
        side == Side.SELLER or dispute.answered_at or at >= clocks.buyer_may_escalate_from(dispute.opened_at)
    ):
        found.append("escalate")
    if dispute.state == State.RULED:
        found += [] if dispute.appealed_by else ["appeal"]
        found.append("accept_ruling")
    if dispute.state == State.RETURNING and side == Side.BUYER:
        found.append("ship_back")
    if dispute.state == State.ON_WAY_BACK and side == Side.SELLER:
        found += ["confirm_return", "object"]
    return tuple(found)


def open_proposal(dispute: Dispute, *, at: datetime) -> Proposal | None:
    return next((one for one in dispute.proposals.all() if one.state == Offer.OPEN and one.expires_at > at), None)


def frozen_together(dispute: Dispute) -> Money | None:
    """What all frozen parts of a purchase in parts are together; None where there is nothing but this one."""
    cases = joint.cases_of(dispute)
    return Money(sum(one.hold.left_minor for one in cases), dispute.hold.currency) if len(cases) > 1 else None


def rulings_for_parties(dispute: Dispute) -> list[Ruling]:
    return [ruling for ruling in dispute.rulings.all() if ruling.stands]


def notes_for(dispute: Dispute, *, staff: bool) -> list[Note]:
    return [note for note in dispute.notes.all() if staff or not note.is_internal]


def read_case(dispute: Dispute) -> Dispute:
    """The dispute as it is now, with everything of it."""
    return with_everything(Dispute.objects.select_related("hold__payment", "issue", "late_appeal").get(pk=dispute.pk))


def with_everything(read: Dispute) -> Dispute:
    """A dispute that was just read, with everything of it, in one question."""
    kinds = {"proposals": Proposal.objects, "exhibits": Exhibit.objects, "notes": Note.objects, "rulings": Ruling.objects}
    found = {name: rows.filter(dispute=read).order_by("id") for name, rows in kinds.items()}
    together(*found.values())
    for name, rows in found.items():
        remember(read, name, rows)
        for row in rows:
            row.dispute = read  # type: ignore[attr-defined]
    return read


def exhibits_of(dispute: Dispute) -> QuerySet[Exhibit]:
    return dispute.exhibits.order_by("id")


def desk_queue() -> QuerySet[Dispute]:
    """What waits for our team, the most urgent first."""
    return Dispute.objects.at_the_desk().select_related("hold", "issue")


def all_open() -> QuerySet[Dispute]:
    """Also those in which both sides still talk."""
    return Dispute.objects.open().select_related("hold", "issue").order_by("opened_at", "id")


def issues_appealed_late() -> QuerySet[Issue]:
    """Whose buyer appealed after the money had moved: they wait for a second look, the most urgent first."""
    found = Issue.objects.filter(dispute__late_appeal__state=Review.OPEN).select_related("hold", "dispute__late_appeal")
    return found.order_by("dispute__late_appeal__decide_by", "id")


def closed() -> QuerySet[Dispute]:
    return Dispute.objects.filter(state=State.CLOSED).select_related("hold", "issue").order_by("-closed_at")


def preview(hold: Hold, to_buyer: Money) -> list[PreviewLine]:
    """What the ledger would write for so much back to the buyer, over all lines in proportion: from the function that writes it."""
    return holds.preview_division(hold, shares_of(hold, to_buyer))


@dataclass(frozen=True, slots=True)
class Share:
    """A line of the hold, what is left of it, and what a ruling gives the buyer of it."""

    line: str
    left: Money
    to_buyer: Money


def shares(hold: Hold, to_buyer: Mapping[str, int]) -> list[Share]:
    parts = HoldPart.objects.filter(hold=hold).order_by("id")
    return [Share(part.line, Money(part.left.amount_minor, hold.currency), Money(int(to_buyer.get(part.line, 0)), hold.currency)) for part in parts]
