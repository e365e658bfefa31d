"""What doors show of orders: lists, the timeline, the next step in the words of whoever looks, and the story of the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.addresses import rules
from accounts.addresses.rules import AddressData
from accounts.models import User
from core.compiled import Asked, at_once
from core.money import Money
from core.together import remember, together
from escrow.holds import queries as holds
from escrow.ledger.queries import BookLine
from escrow.models import Dispute, Hold, Issue
from escrow.plans import queries as plans
from marketplace.orders import guest_links, headlines, numbers, parts, reads
from marketplace.orders.headlines import Viewer
from marketplace.orders.models import Order, OrderEvent, OrderLine
from marketplace.orders.reads import Happened, SoldLine
from marketplace.orders.states import ANSWER_WITHIN, BEFORE_HAND_OVER, FLOW, OrderState
from vendors.models import Vendor

Place = Literal["done", "here", "ahead"]
S = OrderState


@dataclass(frozen=True, slots=True)
class NextStep:
    """Both sides see the same clock; the words and the actions are the viewer's own."""

    next_action: str
    who: str
    due_at: datetime | None
    since: datetime | None
    headline: str
    words: str
    what_happens_if_silent: str
    actions: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.due_at is not None


@dataclass(frozen=True, slots=True)
class TimelineStep:
    name: str
    place: Place
    title: str
    at: datetime | None = None
    words: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────
def bought_by(user: User) -> QuerySet[Order]:
    return Order.objects.bought_by(user).with_everything()


def sold_by(vendor: Vendor, *, which: str = "") -> QuerySet[Order]:
    """`which`: to_hand_over | under_way | issues | ended, or everything."""
    orders = Order.objects.sold_by(vendor).paid_for().with_everything()
    wanted: dict[str, tuple[str, ...]] = {
        "to_hand_over": BEFORE_HAND_OVER,
        "under_way": (S.SHIPPED, S.DELIVERED),
        "issues": (S.ISSUE,),
        "ended": (S.COMPLETED, S.CANCELLED, S.REFUNDED),
    }
    return orders.filter(state__in=wanted[which]) if which in wanted else orders


def of_checkout(reference: str) -> QuerySet[Order]:
    """What one payment bought."""
    return Order.objects.with_everything().filter(checkout=reference).order_by("id")


def of_hold(hold: Hold) -> Order | None:
    """The order that waits for this hold, alone or as a part of its plan; None for money that was held for something else."""
    if hold.planned:
        return Order.objects.filter(plan__parts__hold=hold).first()
    return under(hold).first()


def under(hold: Hold) -> QuerySet[Order]:
    """The same as a read, for a page that reads it together with others."""
    return Order.objects.filter(hold=hold)


def lines_of(sold: QuerySet[Order]) -> QuerySet[OrderLine]:
    """Of all these orders, for a page that reads them together with others."""
    return OrderLine.objects.filter(order__in=sold.values("pk")).order_by("order", "position")


def guest_key_of(order: Order) -> str:
    """For the page that thanks the guest who has just paid."""
    return guest_links.key_of(secret=settings.SECRET_KEY, order=order.reference)


def matching(words: str, *, state: str = "") -> QuerySet[Order]:
    """For the desk: by number, reference, or the buyer's e-mail, and by state."""
    orders = Order.objects.with_everything().filter(**({"state": state} if state else {}))
    if not words.strip():
        return orders
    found = Q(reference=words.strip().upper()) | Q(email__iexact=words.strip())
    if row_id := numbers.row_id_of(words):
        found |= Q(pk=row_id)
    return orders.filter(found)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A shop at a glance."""

    to_hand_over: int
    under_way: int
    issues: int
    sold_lately: int
    sold_lately_amount: Money


def numbers_of(vendor: Vendor, *also: QuerySet[Any, Any], at: datetime) -> Numbers:
    """In one question, with whatever else a page wants to read in it."""
    paid = Order.objects.sold_by(vendor).paid_for().order_by().values("vendor")
    lately = Q(paid_at__gte=at - timedelta(days=30)) & ~Q(state__in=(S.CANCELLED, S.REFUNDED))
    rows = paid.annotate(
        to_hand_over=Count("pk", filter=Q(state__in=BEFORE_HAND_OVER)),
        under_way=Count("pk", filter=Q(state__in=(S.SHIPPED, S.DELIVERED))),
        issues=Count("pk", filter=Q(state=S.ISSUE)),
        sold_lately=Count("pk", filter=lately),
        amount=Sum("total_minor", filter=lately),
    )
    together(rows, *also)
    found: Mapping[str, Any] = next(iter(rows), {})
    counts = {name: int(found.get(name, 0)) for name in ("to_hand_over", "under_way", "issues", "sold_lately")}
    return Numbers(**counts, sold_lately_amount=Money(int(found.get("amount") or 0), vendor.currency))


def today(vendor: Vendor, *, at: datetime) -> list[Order]:
    """What waits for this shop, the most urgent first."""
    waiting = Order.objects.sold_by(vendor).filter(state__in=(*BEFORE_HAND_OVER, S.ISSUE)).with_everything()
    return list(waiting.order_by("hold__due_at", "id")[:30])


# ── one order ─────────────────────────────────────────────────────────────────────────────────────
def actions_for(order: Order, viewer: Viewer, at: datetime | None = None) -> tuple[str, ...]:
    """What this side may do now, straight from the flow's table and the hold's guards."""
    if viewer == "buyer":
        possible = {
            "confirm": FLOW.allows(order.state, "complete", by="buyer") and (order.is_pickup or not order.is_before_hand_over),
            "report": FLOW.allows(order.state, "report", by="buyer"),
            "more_time": order.state == S.DELIVERED and order.hold.extended_at is None,
            "withdraw": order.state == S.ISSUE,
            "cancel": FLOW.allows(order.state, "cancel", by="buyer"),
            "ask_to_cancel": order.state == S.PACKED and order.cancel_due_at is None,
            "withdraw_cancellation": order.cancel_due_at is not None,
        }
    elif viewer == "seller":
        possible = {
            "ship": not order.is_pickup and FLOW.allows(order.state, "ship", by="seller"),
            "pack": not order.is_pickup and FLOW.allows(order.state, "pack", by="seller"),
            "hand_over": order.is_pickup and order.is_before_hand_over,
            "agree_to_cancellation": order.cancel_due_at is not None,
            "cancel": FLOW.allows(order.state, "cancel", by="seller"),
            "cancel_part": FLOW.allows(order.state, "cancel", by="seller") and order.plan_id is None,
            "refund": FLOW.allows(order.state, "refund", by="seller") or order.state == S.COMPLETED,
        }
    else:
        possible = {"deliver": FLOW.allows(order.state, "deliver", by="staff")}
    names = tuple(name for name, is_possible in possible.items() if is_possible and not order.hold.chargeback_open)
    return names if order.plan_id is None or at is None else tuple(name for name in names if parts.may_do(order, name, at))


def next_step(order: Order, viewer: Viewer, at: datetime) -> NextStep:
    step = _next_of_hold(order, viewer, at) if order.plan_id is None else _next_of_parts(order, viewer, at)
    return step if order.cancel_due_at is None else _answer_first(order, step, order.cancel_due_at, viewer)


def _answer_first(order: Order, step: NextStep, cancel_due_at: datetime, viewer: Viewer) -> NextStep:
    """The buyer asks to cancel: nothing comes before the seller's answer, unless the time to send it is over even sooner."""
    due_at = min(cancel_due_at, step.due_at or cancel_due_at)
    headline, words = headlines.of_wish(order, viewer)
    silent = headlines.silence(order, "refund", viewer)
    asked_at = cancel_due_at - ANSWER_WITHIN
    return replace(
        step,
        next_action="answer_cancellation",
        who="seller",
        due_at=due_at,
        since=asked_at,
        headline=headline,
        words=words,
        what_happens_if_silent=silent,
    )


def _next_of_hold(order: Order, viewer: Viewer, at: datetime) -> NextStep:
    step = holds.next_step(order.hold, at)
    headline, words = headlines.headline(order, viewer)
    return NextStep(
        next_action=step.next_action,
        who=step.who,
        due_at=None if order.is_ended else step.due_at,
        since=_since(order),
        headline=headline,
        words=words,
        what_happens_if_silent="" if order.is_ended else headlines.silence(order, step.if_silent, viewer),
        actions=actions_for(order, viewer),
    )


def _next_of_parts(order: Order, viewer: Viewer, at: datetime) -> NextStep:
    """The part that is due first says what happens next; what it is called and costs is in the headline."""
    step = plans.next_step(parts.steps(order, at))
    is_ended = order.is_ended or step is None
    headline, words = headlines.headline(order, viewer)
    silence = ""
    if step is not None and step.part.is_unpaid and order.state != OrderState.AWAITING_PAYMENT:
        row = next(one for one in parts.rows(order, viewer, at) if one.reference == step.part.reference)
        headline, words = headlines.of_part(order, viewer, title=row.title, amount=row.amount, due_at=row.due_at)
        silence = str(step.what_happens_if_silent)
    elif step is not None:
        silence = headlines.silence(order, step.if_silent, viewer)
    return NextStep(
        next_action=step.next_action if step else "",
        who=step.who if step else "nobody",
        due_at=None if is_ended or step is None else step.due_at,
        since=_since(order),
        headline=headline,
        words=words,
        what_happens_if_silent="" if is_ended else silence,
        actions=actions_for(order, viewer, at),
    )


def dispute_of(order: Order) -> Dispute | None:
    """The case that its people look at: an open one first, else the newest; in a plan, of any part."""
    mine = {"hold": order.hold_id} if order.plan_id is None else {"hold__plan_part__plan": order.plan_id}
    found = Dispute.objects.filter(**mine).select_related("hold__payment", "issue", "late_appeal")
    return found.order_by(F("closed_at").desc(nulls_first=True), "-id").first()


def last_issue(order: Order) -> Issue | None:
    if order.plan_id is not None:
        return Issue.objects.filter(hold__plan_part__plan_id=order.plan_id).order_by("-id").first()
    issues = Issue.objects.filter(hold=order.hold).order_by("-id")
    return next(iter(order.hold.__dict__.get("_prefetched_objects_cache", {}).get("issues", issues[:1])), None)


def read_story(order: Order, *also: QuerySet[Any]) -> None:
    """What the page of one order tells, and what else the page wants, in one question instead of five; afterwards nothing here asks."""
    events = OrderEvent.objects.filter(order=order).order_by("id")
    holds.read_story(order.hold, events, *also)
    remember(order, "events", events)


@dataclass(frozen=True, slots=True)
class Story:
    """The same for a machine: what was sold, what happened, and what the book says."""

    sold: list[SoldLine]
    events: list[Happened]
    book: list[BookLine]


def story_of(order: Order, *also: Asked[Any]) -> tuple[Story, list[list[Any]]]:
    """In one question, with the answers to what else is asked."""
    known = order.__dict__.get("_prefetched_objects_cache", {}).get("lines")
    lines = [] if known is not None else [reads.sold_asked(order.pk)]
    ours: list[Asked[Any]] = [reads.events_asked(order.pk), *lines, *also]
    found = at_once(*ours, *holds.story_asked(order.hold))
    events, *rest = found[: len(ours)]
    sold = [SoldLine.of(line) for line in known] if known is not None else [SoldLine(*row) for row in rest.pop(0)]
    return Story(sold, [Happened(*row) for row in events], holds.told(order.hold, *found[len(ours) :])), rest


def address_lines(order: Order) -> list[str]:
    """Where it goes, as its country writes it; empty for a pickup."""
    return rules.lines(AddressData(**order.address)) if order.address else []


def timeline(order: Order, at: datetime, events: Iterable[OrderEvent | Happened] | None = None) -> list[TimelineStep]:
    """What happened, where it stands, and what lies ahead."""
    done = [step for event in (order.events.all() if events is None else events) if (step := _happened(order, event))]
    ahead = [] if order.is_ended else _ahead(order)
    if not ahead:
        return done
    headline, words = _here(order)
    return [*done, TimelineStep("now", "here", headline, words=words), *ahead]


def _happened(order: Order, event: OrderEvent | Happened) -> TimelineStep | None:
    title = _DONE.get(event.name)
    if title is None:
        return None
    return TimelineStep(event.name, "done", str(title()), event.at, _event_words(order, event), event.facts)


def _event_words(order: Order, event: OrderEvent | Happened) -> str:
    facts = event.facts
    if event.name == "shipped":
        return _("Tracking number {number}, {carrier}.").format(number=facts.get("tracking_number", ""), carrier=facts.get("carrier_name", ""))
    if event.name == "part_cancelled":
        return f"{facts.get('what', '')}. {facts.get('reason', '')}"
    if event.name in ("cancelled", "cancel_asked", "part_refunded", "given_back", "given_back_by_us", "refunded", "cancelled_late"):
        return str(facts.get("reason", "")) if facts.get("by") != "system" else ""
    if event.name.startswith("part_") and "part" in facts:
        return headlines.part_words(order, facts)
    if event.name == "carrier_trouble":
        return str(facts.get("words", ""))
    return ""


_DONE = {
    "placed": lambda: _("Ordered"),
    "paid": lambda: _("Paid and held"),
    "packed": lambda: _("Packed"),
    "ready": lambda: _("Ready to be picked up"),
    "shipped": lambda: _("Shipped"),
    "carrier_trouble": lambda: _("A problem on the road"),
    "carrier_silent": lambda: _("No news from the carrier for days"),
    "delivered": lambda: _("Delivered"),
    "more_time": lambda: _("A week more to look at it"),
    "confirmed": lambda: _("Confirmed by the buyer"),
    "issue": lambda: _("Issue reported, money frozen"),
    "resumed": lambda: _("Issue closed, the clock runs again"),
    "completed": lambda: _("The seller is paid"),
    "cancel_asked": lambda: _("The buyer asks to cancel it"),
    "cancel_withdrawn": lambda: _("The buyer wants it after all"),
    "part_cancelled": lambda: _("Some of it cannot be delivered, its money returned"),
    "cancelled": lambda: _("Cancelled, money returned"),
    "cancelled_late": lambda: _("Cancelled: not handed over in time"),
    "part_refunded": lambda: _("Part of the price returned"),
    "given_back": lambda: _("Given back after the payment to the seller"),
    "given_back_by_us": lambda: _("Given back by our team after the payment to the seller"),
    "refunded": lambda: _("Money returned"),
    "part_paid": lambda: _("The next part is paid and held"),
    "part_extended": lambda: _("More time for the next part"),
    "part_handed_over": lambda: _("A milestone is handed over"),
    "part_released": lambda: _("A part is paid to the seller"),
    "plan_missed": lambda: _("Ended: a part was not paid in time"),
    "expired": lambda: _("Not paid in time"),
    "withdrawn": lambda: _("Cancelled by the buyer before paying"),
}


def _here(order: Order) -> tuple[str, str]:
    shop = order.vendor.name
    if order.is_pickup and order.is_before_hand_over:
        return _("Waiting to be handed over"), _("The money waits until the hand-over code is entered.")
    if order.cancel_due_at is not None:
        return _("Waiting for the answer of {shop}").format(shop=shop), _("The money waits.")
    words = {
        S.AWAITING_PAYMENT: (_("Waiting for the payment"), ""),
        S.PAID: (_("{shop} gets it ready"), _("The money waits.")),
        S.PACKED: (_("About to be sent"), _("The money waits.")),
        S.SHIPPED: (_("On its way"), _("The money waits.")),
        S.DELIVERED: (_("Time to look at it"), _("The money waits until it is confirmed, or until the time is over.")),
        S.ISSUE: (_("Frozen"), _("No deadline of the order runs until the issue is settled.")),
    }[OrderState(order.state)]
    return words[0].format(shop=shop), words[1]


def _ahead(order: Order) -> list[TimelineStep]:
    shop = order.vendor.name
    steps = {
        "paid": _("Paid and held"),
        "handed": _("Handed over, with the code") if order.is_pickup else _("Sent by {shop}").format(shop=shop),
        "delivered": _("Delivered"),
        "released": _("{shop} is paid").format(shop=shop),
    }
    names = {
        S.AWAITING_PAYMENT: ["paid", "handed", "released"],
        S.PAID: ["handed", "released"] if order.is_pickup else ["handed", "delivered", "released"],
        S.PACKED: ["handed", "released"] if order.is_pickup else ["handed", "delivered", "released"],
        S.SHIPPED: ["delivered", "released"],
        S.DELIVERED: ["released"],
        S.ISSUE: ["released"],
    }[OrderState(order.state)]
    if order.state == S.ISSUE:
        return [TimelineStep("settled", "ahead", _("Settled: returned to the buyer, or paid to {shop}").format(shop=shop))]
    return [TimelineStep(name, "ahead", steps[name]) for name in names]


def _since(order: Order) -> datetime | None:
    hold = order.hold
    return hold.delivered_at or hold.shipped_at or hold.funded_at or order.placed_at
