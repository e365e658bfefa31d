"""The eleven months before the story: shops with plenty of goods sell, the more the later, and nearly always all ends well."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.demo.story import DAY, HOUR, Cast, fresh
from backend.simulation import acts
from backend.simulation.acts import Buyer
from backend.simulation.calendar import Life
from core.actors import Actor
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock.operations import StockShort
from marketplace.orders import operations as orders
from marketplace.orders.models import Order

BASKETS = 36
GUESTS = (
    ("harriet", {"name": "Harriet Cole", "street": "12 Bellevue Terrace", "postcode": "BS8 1QT", "city": "Bristol", "country": "GB", "phone": "+447700900123"}),
    ("jiaming", {"name": "陈嘉明", "street": "中山西路1055号", "district": "长宁区", "city": "上海市", "region": "上海市", "postcode": "200051", "country": "CN", "phone": "+8613800138000"}),
)  # fmt: skip
ISSUES = (
    ("damaged", "The corner was crushed in the post and the thing inside is cracked."),
    ("not_as_described", "This is another size than the one on the page."),
    ("wrong_item", "I asked for the blue one and this is green."),
)


@dataclass
class Regulars:
    """People who come again and again, and what they may choose from."""

    cast: Cast
    chance: random.Random
    variants: Sequence[Variant]

    def __post_init__(self) -> None:
        people = [self.cast.buyer(handle) for handle in ("amina", "wangmei", "tariq", "cafe")]
        self._buyers = [*people, *(Buyer(f"{name}@example.com", dict(address)) for name, address in GUESTS)]
        self._ships_to = {self.cast.vendors[shop.slug].pk: {land for way in shop.parcel for land in way[1]} for shop in self.cast.shops}

    def enter(self, *, since: datetime, until: datetime) -> None:
        """Baskets spread over the months, denser towards the end."""
        for number in range(BASKETS):
            share = ((number + 0.5) / BASKETS) ** 0.75
            self.cast.calendar.enter(self.of_a_basket(), at=since + (until - since) * share)

    def of_a_basket(self) -> Life:
        """One to three sellers in one basket, one payment, a parcel from each."""
        buyer = self.chance.choice(self._buyers)
        try:
            checkout = self.cast.do(acts.place, buyer, self._wishes(buyer))
        except StockShort:
            return  # somebody was faster; they come again
        yield timedelta()
        self.cast.do(acts.pay, checkout, method="card")
        yield self.chance.randint(5, 30) * HOUR
        for order in acts.orders_of(checkout):
            self.cast.calendar.enter(self._of_an_order(order, buyer), at=self.cast.calendar.at)

    def _wishes(self, buyer: Buyer) -> list[acts.Wish]:
        """Things of one currency that are sent to where this buyer lives."""
        within_reach = [variant for variant in self.variants if self._reaches(variant, buyer)]
        first = self.chance.choice(within_reach)
        alike = [variant for variant in within_reach if variant.listing.vendor.currency == first.listing.vendor.currency and variant != first]
        chosen = [first, *self.chance.sample(alike, self.chance.choice((0, 1, 2, 2)))]
        return [(variant, max(variant.price.min_quantity, self._how_many(variant))) for variant in chosen]

    def _reaches(self, variant: Variant, buyer: Buyer) -> bool:
        return "parcel" in variant.listing.hand_overs and buyer.address["country"] in self._ships_to[variant.listing.vendor_id]

    def _how_many(self, variant: Variant) -> int:
        return self.chance.randint(2, 9) if variant.on_hand >= 200 else self.chance.choice((1, 1, 1, 2))

    def _of_an_order(self, order: Order, buyer: Buyer) -> Life:
        cast, seller = self.cast, self.cast.seller(order)
        way = self.chance.random()
        if way < 0.05:
            cast.do(orders.cancel_by_buyer, order=fresh(order), reason="I ordered the wrong size.", actor=buyer.actor)
            return
        if way < 0.08:
            cast.do(orders.cancel_by_seller, order=fresh(order), reason="The last one had a flaw. I am sorry.", restock=False, actor=seller)
            return
        cast.do(acts.ship, fresh(order), seller)
        yield self.chance.randint(3, 6) * DAY
        if way < 0.14:
            yield from self._of_an_issue(order, buyer)
            return
        if way < 0.2:
            cast.do(acts.refund_part, fresh(order), seller, amount_minor=max(1, order.total_minor // 10), reason="For the scratch on the side.")
        cast.do(acts.confirm, fresh(order), buyer)

    def _of_an_issue(self, order: Order, buyer: Buyer) -> Life:
        reason, words = self.chance.choice(ISSUES)
        self.cast.do(acts.report, fresh(order), buyer, reason=reason, words=words)
        yield 2 * DAY
        desk: Actor = self.cast.arbiter("tomas")
        outcome = self.chance.choice(("refund", "refund", "release"))
        self.cast.do(acts.settle, fresh(order), desk, outcome=outcome, reason="The photos and the page were compared.")
