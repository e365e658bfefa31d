"""Reads about held money: the next step, the story of the money, what is open on the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.parties.models import Party
from accounts.users.models import User
from core.compiled import Asked, attach, compiled
from core.money import Money, cumulative_share
from core.together import remember, together
from escrow.holds import booking, entries, timers
from escrow.holds.models import Hold, HoldEvent, HoldPart, Issue
from escrow.holds.states import State
from escrow.ledger import queries as ledger
from escrow.ledger.models import Posting
from escrow.ledger.queries import BookLine
from escrow.payments import queries as payments

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next with a hold: `next_action` and `if_silent` are codes, the sentences are for people."""

    next_action: str
    who: str
    due_at: datetime | None
    if_silent: str
    sentence: Words
    what_happens_if_silent: Words


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """One line of “where is my money”. `amount` left `source` and reached `target`, as people call those places."""

    at: datetime
    event: str
    words: Words
    amount: Money
    source: Words
    target: Words


_ACTIONS: dict[str, tuple[str, str, Words]] = {
    State.PENDING: ("pay", "buyer", _("Pay for the order.")),
    State.FUNDED: ("ship", "seller", _("Hand the goods over or send them.")),
    State.SHIPPED: ("deliver", "carrier", _("The parcel is on its way.")),
    State.DELIVERED: ("confirm", "buyer", _("Look at the goods, then confirm or open an issue.")),
    State.DISPUTED: ("decide", "staff", _("Our team reads both sides and decides.")),
}
_SILENCE: dict[str, Words] = {
    timers.EXPIRE: _("The order ends and nothing is paid."),
    timers.REFUND: _("The order is cancelled and the buyer gets everything back."),
    timers.DISPUTE: _("An issue opens by itself and our team looks for the parcel."),
    timers.RELEASE: _("The seller is paid."),
    timers.CLOSE: _("The books of this order are closed."),
}
_NOTHING = Step("", "nobody", None, "", _("Nothing is left to do."), "")


def next_step(hold: Hold, at: datetime) -> Step:
    """Who must do what by when, and what silence does."""
    if hold.chargeback_open and hold.state != State.CLOSED:
        return Step("wait", "bank", None, "", _("The buyer's bank examines the payment."), _("Nothing moves until the bank has decided."))
    if hold.state not in _ACTIONS:
        return _NOTHING
    action, who, sentence = _ACTIONS[hold.state]
    if hold.state == State.DELIVERED and hold.return_left is not None:
        sentence = _("A return is under way. The clock of the order waits until it ends.")
    if hold.state == State.FUNDED and hold.hand_over == "pickup":
        action, who, sentence = "hand_over", "both", _("Meet, look at the goods, and confirm the hand-over with the code.")
    silence = silent_move(hold)
    return Step(action, who, hold.due_at, silence, sentence, _SILENCE[silence])


def silent_move(hold: Hold) -> str:
    """What the deadline will do: the provider's limit and a silent arbiter pay whoever the shipment speaks for."""
    if hold.due_move in (timers.FORCE, timers.SETTLE):
        return timers.RELEASE if hold.was_sent else timers.REFUND
    return hold.due_move


_PLACES: dict[str, Words] = {
    "psp_clearing": _("the buyer"),
    "hold": _("held by us"),
    "hold_frozen": _("frozen by us"),
    "seller_payable": _("the seller"),
    "commission": _("our commission"),
    "tax_payable": _("tax on our commission"),
    "refund_pending": _("back to the buyer"),
    "chargeback_receivable": _("the buyer's bank"),
    "promotion_expense": _("our discount"),
    "points_liability": _("the buyer's points"),
    "points_set_aside": _("the buyer's points"),
}
_EVENTS: dict[str, Words] = {
    "fund": _("Paid, and held"),
    "freeze": _("Frozen while an issue is open"),
    "unfreeze": _("The issue ended; the clock runs again"),
    "release": _("Paid to the seller"),
    "refund": _("Given back to the buyer"),
    "chargeback_lost": _("Taken back by the buyer's bank"),
}


def money_story(hold: Hold, book: Iterable[BookLine] | None = None) -> list[MoneyMove]:
    """Every movement of this hold's money, oldest first, straight from the ledger: as it was just read, or as it is read now."""
    story = []
    for line in book if book is not None else book_lines_of(hold):
        kind = line.account.split(":")[0]
        if kind == "pts" or (kind in ("hold", "hold_frozen") and line.event not in ("freeze", "unfreeze")):
            continue
        if line.event in ("freeze", "unfreeze") and line.amount_minor > 0:
            continue
        other = _PLACES["hold_frozen" if kind == "hold" else "hold"]
        here = _PLACES.get(kind, kind)
        incoming = line.amount_minor > 0  # a debit outside the hold is money that came in
        amount = Money(abs(line.amount_minor), line.currency)
        source, target = (here, other) if incoming else (other, here)
        story.append(MoneyMove(line.at, line.event, _EVENTS.get(line.event, line.event), amount, source, target))
    return story


def story_asked(hold: Hold) -> list[Asked[Any]]:
    """What `told` needs: the lines of the book, and what each part has left while anything is left."""
    return [ledger.asked_of_hold(hold.reference), *([_parts_of.asked(hold.pk)] if hold.left_minor else [])]


def told(hold: Hold, book: Iterable[tuple[Any, ...]], parts: Iterable[HoldPart] = ()) -> list[BookLine]:
    """The answers to that: the lines; the parts stay with the hold, which asks no more."""
    attach([hold], "parts", parts, by="hold")
    return [BookLine(*row) for row in book]


@compiled
def _parts_of(hold_id: int) -> QuerySet[HoldPart]:
    return HoldPart.objects.filter(hold_id=hold_id)


def book_lines_of(hold: Hold) -> list[BookLine]:
    """The hold's lines in the ledger, oldest first."""
    postings: QuerySet[Posting] | None = hold.__dict__.get("postings_read")
    return ledger.book_lines(ledger.postings_for(hold=hold.reference) if postings is None else postings)


def read_story(hold: Hold, *also: QuerySet[Any, Any]) -> None:
    """Everything that a page tells of one hold, and what else the page wants, in one question. The hold's own reads ask no more."""
    parts, issues = HoldPart.objects.filter(hold=hold).order_by("id"), Issue.objects.filter(hold=hold).order_by("-id")
    postings = ledger.postings_for(hold=hold.reference)
    together(parts, issues, postings, *also)
    remember(hold, "parts", parts)
    remember(hold, "issues", issues)
    hold.__dict__["postings_read"] = postings


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who in the story of a hold: parties by their key, people by their reference."""

    parties: dict[str, str]
    people: dict[str, str]


def read_for_desk(hold: Hold, *also: QuerySet[Any, Any]) -> Names:
    """What staff see of one hold, and what else the page wants, in one question: the story, its events, and who is in it."""
    events = HoldEvent.objects.filter(hold=hold).order_by("id")
    parties = Party.objects.filter(key__in=(hold.buyer, hold.seller))
    people = User.objects.filter(reference__in=HoldEvent.objects.filter(hold=hold).values("actor_reference"))
    read_story(hold, events, parties, people, *also)
    remember(hold, "events", events)
    return Names({row.key: row.label for row in parties}, {row.reference: row.shown_name for row in people})


def is_settled(hold: Hold) -> bool:
    """Empty, and every refund of it has arrived."""
    return hold.left_minor == 0 and not payments.refunds_of(hold.reference).exclude(state="confirmed").exists()


def open_issues(*, at: datetime | None = None) -> QuerySet[Issue]:
    """The desk's queue: what is open, soonest deadline first."""
    return Issue.objects.filter(resolved_at__isnull=True).select_related("hold").order_by("hold__due_at", "id")


def decided_issues() -> QuerySet[Issue]:
    """What was decided, latest first."""
    return Issue.objects.filter(resolved_at__isnull=False).select_related("hold").order_by("-resolved_at")


def matching(*, words: str = "", state: str = "", overdue_at: datetime | None = None) -> QuerySet[Hold]:
    """For the desk's list: by reference, trade or party, state, and whether silence should have decided already. Newest first."""
    found = Hold.objects.all()
    if words:
        needle = words.strip().upper()
        found = found.filter(reference=needle) | found.filter(trade=needle) | found.filter(buyer=needle) | found.filter(seller=needle)
    if state:
        found = found.filter(state=state)
    if overdue_at is not None:
        found = found.filter(pk__in=Hold.objects.due(overdue_at).values("pk"))
    return found.order_by("-id")


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of an entry that would be written."""

    account: str
    words: Words
    debit: Money
    credit: Money


def preview(hold: Hold, outcome: str) -> list[PreviewLine]:
    """What the ledger would do if this hold were released or refunded in full now. Reads only."""
    return preview_division(hold, {} if outcome == "release" else {part.line: part.left.amount_minor for part in hold.parts.all()})


def preview_division(hold: Hold, to_buyer: Mapping[str, int]) -> list[PreviewLine]:
    """The same for so much of each line back to the buyer and the rest to the seller: the entry that would be written. Reads only."""
    parts = [copy(part) for part in hold.parts.all()]
    given, paid = booking.division(parts, to_buyer)
    entry = (
        entries.release(hold, paid)
        if not given.amount_minor
        else entries.refund(hold, given)
        if not paid.amount_minor
        else entries.divide(hold, given, paid)
    )
    return [
        PreviewLine(
            line.account.code,
            _PLACES.get(line.account.code.split(":")[0], ""),
            Money(line.debit_minor, hold.currency),
            Money(line.credit_minor, hold.currency),
        )
        for line in entry.lines
        if line.amount_minor and line.account.currency == hold.currency
    ]


def rest_of(hold: Hold, outcome: str) -> dict[str, Money]:
    """What each side would get if this hold were decided in full now: `buyer`, `seller` and `fee`."""
    lines = preview(hold, outcome)
    zero = Money.zero(hold.currency)
    of = {line.account.split(":")[0]: line.credit for line in lines}
    fee = of.get("commission", zero) + of.get("tax_payable", zero)
    return {"buyer": of.get("refund_pending", zero), "seller": of.get("seller_payable", zero), "fee": fee}


def names_of(*keys: str) -> dict[str, str]:
    """How staff call these parties."""
    return dict(Party.objects.filter(key__in=keys).values_list("key", "label"))


def given_back_by_line(hold: Hold) -> dict[str, int]:
    """What went back to the buyer's side of each line, before and after the release, from all sources, in minor units."""
    return {part.line: part.refunded_minor + part.returned_minor for part in hold.parts.all()}


def given_back_by_funder(hold: Hold) -> dict[str, int]:
    """To whom how much went back at any time: `buyer` (cash), `points`, `platform` (its coupon), and `seller`, whose discount ended with the sale."""
    back = {"buyer": 0, "platform": 0, "points": 0, "seller": 0}
    for part in hold.parts.all():
        back["buyer"] += part.refunded_cash_minor + part.returned_cash_minor
        back["platform"] += part.refunded_coupon_minor + part.returned_coupon_minor
        back["points"] += part.refunded_points_minor + part.returned_points_minor
        back["seller"] += cumulative_share(part.discount_minor, part.refunded_minor + part.returned_minor, part.gross_minor)
    return back
