"""Random lives of orders, payouts and stock: what people do and leave undone, drawn from one seeded source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.users import queries as users
from accounts.users.models import User
from backend.simulation import acts
from backend.simulation.acts import Buyer
from backend.simulation.calendar import Calendar, Life
from core import crashes
from core.actors import Actor
from core.errors import Refusal
from escrow.chargebacks.models import Chargeback
from escrow.chargebacks.states import TO_ANSWER
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock import operations as stock
from marketplace.checkout.models import Checkout
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from vendors.models import Vendor

DEFENDER = Actor("staff", "DESKPERSON01", "Rosa")
REASONS = ("not_received", "not_as_described", "damaged")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Market:
    """Everybody that a life may meet, the source of chance, and a count of what was done and refused."""

    calendar: Calendar
    random: Random
    buyers: Sequence[Buyer]
    sellers: dict[int, tuple[Vendor, Actor]]
    staff: Sequence[User]
    variants: Sequence[Variant]
    done: Counter[str] = field(default_factory=Counter)
    placed: int = 0
    wanted: int = 0

    @property
    def at(self) -> datetime:
        """The frozen present."""
        return self.calendar.at

    @property
    def is_closed(self) -> bool:
        """Nobody comes in any more."""
        return self.placed >= self.wanted

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.random.random() < share

    def hours(self, least: int, most: int) -> timedelta:
        """A wait between so many hours, to the minute."""
        return timedelta(minutes=self.random.randint(least * 60, most * 60))

    def act(self, name: str, deed: Callable[..., Any], *args: Any, **details: Any) -> Any:
        """Do it now. A refusal is an answer like any other: it is counted, and the life goes on."""
        try:
            result = deed(*args, at=self.at, **details)
        except Refusal as refusal:
            self.done[f"{name}:{refusal.code}"] += 1
            return None
        except crashes.Killed:  # the server died under it: nobody was answered
            self.done[f"{name}:killed"] += 1
            return None
        self.done[name] += 1
        return result if result is not None else True


def of_the_crowd(market: Market, *, every: timedelta) -> Life:
    """Buyers keep coming until as many orders as wanted have been placed."""
    while not market.is_closed:
        market.calendar.enter(of_an_order(market, most=market.wanted - market.placed), at=market.at)
        yield every


def of_an_order(market: Market, *, most: int = 3) -> Life:
    """From the basket to whatever end; at most so many sellers in one basket."""
    buyer = market.random.choice(market.buyers)
    wishes = _wishes(market)[:most]
    checkout = market.act("place", acts.place, buyer, wishes, pickup=market.chance(0.25))
    if checkout is None:
        return
    placed = acts.orders_of(checkout)
    market.placed += len(placed)
    yield from _pay(market, checkout, buyer)
    for order in placed:
        market.calendar.enter(_fulfil(market, order, buyer), at=market.at)


def _wishes(market: Market) -> list[tuple[Variant, int]]:
    first = market.random.choice(market.variants)
    currency = first.listing.vendor.currency
    others = [variant for variant in market.random.sample(market.variants, 4) if variant.listing.vendor.currency == currency and variant != first]
    chosen = [first, *others[: market.random.choice([0, 0, 0, 1, 2])]]
    return [(variant, max(variant.price.min_quantity, market.random.choice([1, 1, 1, 2, 3]))) for variant in chosen]


def _pay(market: Market, checkout: Checkout, buyer: Buyer) -> Life:
    yield market.hours(0, 0)
    way = market.random.random()
    if way < 0.08:  # walks away; the session ends by itself
        market.act("open_bank", acts.go_to_bank, checkout)
        yield market.hours(1, 30)
        if market.chance(0.4):
            market.act("pay_late", acts.pay_too_late, checkout)
        return
    if way < 0.12:
        market.act("abandon", acts.walk_away, checkout, buyer)
        return
    if way < 0.25:
        market.act("declined", acts.pay, checkout, decline=True)
        yield timedelta(minutes=market.random.randint(1, 9))
    manner = market.random.choices(("", "duplicate", "delay", "drop"), (80, 7, 7, 6))[0]
    market.act("pay", acts.pay, checkout, manner=manner)
    if acts.is_challenged(checkout):
        yield timedelta(minutes=market.random.randint(0, 5))
        market.act("authenticate", acts.authenticate, checkout, passed=market.chance(0.8))
    if market.chance(0.5):
        market.act("come_back", acts.come_back, checkout)
    yield market.hours(1, 20)


def _fulfil(market: Market, order: Order, buyer: Buyer) -> Life:
    vendor, seller = market.sellers[order.vendor_id]
    order.refresh_from_db()
    if order.state != "paid":
        return
    if market.chance(0.06):
        market.act("buyer_cancels", orders.cancel_by_buyer, order=order, reason="Changed my mind", actor=buyer.actor)
    elif market.chance(0.05):
        market.act("seller_cancels", orders.cancel_by_seller, order=order, reason="Broken on the shelf", restock=market.chance(0.5), actor=seller)
    elif market.chance(0.07):
        return  # never shipped: the clock gives the money back
    yield market.hours(2, 60)
    if market.chance(0.1):
        market.act("refund_part", acts.refund_part, order, seller, amount_minor=market.random.randint(1, order.total_minor), reason="A little late")
    if order.hand_over == "pickup":
        market.act("hand_over", acts.hand_over, order, seller)
    else:
        number = market.random.choices(("", f"LOST{order.reference}", f"BACK{order.reference}", f"WAIT{order.reference}"), (86, 5, 4, 5))[0]
        market.act("ship", acts.ship, order, seller, number=number)
    yield from _judge(market, order, buyer, seller)
    if market.chance(0.3):
        part = market.random.randint(1, 50_000) if market.chance(0.4) else None
        market.act("payout", acts.ask_payout, vendor, seller, amount_minor=part)


def _judge(market: Market, order: Order, buyer: Buyer, seller: Actor) -> Life:
    yield market.hours(30, 160)
    way = market.random.random()
    if way < 0.45:
        market.act("confirm", acts.confirm, order, buyer)
    elif way < 0.52:
        market.act("more_time", orders.ask_more_time, order=order, actor=buyer.actor)
    elif way < 0.68:
        market.act("issue", acts.report, order, buyer, reason=market.random.choice(REASONS), words="Something is wrong.")
        yield market.hours(5, 100)
        yield from _arbitrate(market, order, buyer)
    elif way < 0.74:
        market.act("refund_part", acts.refund_part, order, seller, amount_minor=market.random.randint(1, order.total_minor), reason="For the scratch")
    yield market.hours(1, 400)  # the rest is silence


def _arbitrate(market: Market, order: Order, buyer: Buyer) -> Life:
    way = market.random.random()
    if way < 0.2:
        market.act("withdraw", orders.withdraw_issue, order=order, actor=buyer.actor)
    elif way < 0.85:
        person = users.actor_of(market.random.choice(market.staff))
        staff = Actor("staff", person.reference, person.label)
        market.act("settle", acts.settle, order, staff, outcome=market.random.choice(["release", "refund"]), reason="The photos show it.")
    yield market.hours(1, 40)


def of_the_banks_questions(market: Market) -> Life:
    """Sellers and the desk answer most cases of the buyers' banks, in time or not."""
    while not market.is_closed:
        for case in Chargeback.objects.filter(state__in=TO_ANSWER, answered_at=None).select_related("payment").order_by("id"):
            if market.chance(0.4):
                market.act("defend", acts.defend, case, DEFENDER, words="It was sent and delivered.")
            if market.chance(0.4):
                market.act("answer_bank", acts.answer_bank, case, DEFENDER)
        yield market.hours(10, 40)


def of_a_shelf(market: Market) -> Life:
    """Somebody counts the stock now and then, so that a long simulation does not run out of goods."""
    while not market.is_closed:
        variant = Variant.objects.select_related("listing__vendor").get(pk=market.random.choice(market.variants).pk)
        _vendor, seller = market.sellers[variant.listing.vendor_id]
        market.act("restock", stock.count, variant=variant, on_hand=variant.on_hand + market.random.randint(1, 9), actor=seller)
        yield market.hours(1, 12)
