"""Many of everything in the life of a scene: for tests that ask whether a page costs more when there is more on it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client

from accounts.addresses import operations as addresses
from accounts.models import User
from accounts.tokens import operations as tokens
from accounts.users import queries as users
from core import clock
from core.actors import SYSTEM
from core.money import Money
from escrow.holds.models import Issue
from escrow.payments.exceptions import operations as exceptions
from escrow.payouts import operations as payouts
from marketplace.assortment import operations as assortment
from marketplace.assortment.actions import Restock
from marketplace.catalog.alarms import operations as alarms
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.photos.operations import MOST_PHOTOS
from marketplace.catalog.stock import operations as stock
from marketplace.importing import operations as imports
from marketplace.importing.models import Import
from marketplace.importing.terms import Terms
from marketplace.orders import operations as orders
from marketplace.orders import queries as order_reads
from marketplace.orders.models import Order
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantDraft, VariantOffer
from marketplace.sale_formats.fixed_price.pricing import Break
from messaging.notifications import operations as notifications
from messaging.notifications.recipients import Recipient
from tests.factories import goods, people, roles, tables, trade, world
from vendors.members import operations as members
from vendors.models import Vendor

TRADES = 5  # a trade takes its time to make; every list shows all of them on one page


@dataclass
class Crowd:
    """A scene in which there are `many` of each kind, or as many as fit; orders with as many lines, listings with as many variants."""

    scene: roles.Scene
    many: int
    vendor: Vendor = field(init=False)
    owner: User = field(init=False)
    buyer: User = field(init=False)

    def __post_init__(self) -> None:
        self.vendor = Vendor.objects.get(slug=self.scene.mine["vendor"])
        self.owner = self.vendor.members.get(role="owner").user
        bought = Order.objects.get(reference=self.scene.mine["order"])
        assert bought.user is not None
        self.buyer, self.at = bought.user, clock.now()
        self.names = dict(self.scene.mine)
        for grow in (self._shelves, self._trades, self._belongings, self._crew, self._tables, self._money, self._desk, self._baskets):
            grow()

    def upto(self, most: int) -> range:
        return range(min(self.many, most))

    def _shelves(self) -> None:
        self.lamps = [goods.published(self.vendor, on_hand=90) for _ in range(self.many)]
        lamp, draft = (Listing.objects.get(reference=self.names[kind]) for kind in ("listing", "draft"))
        alarms.set_threshold(vendor=self.vendor, threshold=99, actor=goods.SELLER, at=self.at)
        for number in range(self.many):
            stock.count(variant=lamp.variants.get(), on_hand=100 + number, actor=goods.SELLER, at=self.at)
        for _ in self.upto(MOST_PHOTOS - draft.photos.count()):
            photos.add_encoded(listing=draft, encoded=goods.encoded(), actor=goods.SELLER, at=self.at, alt="The lamp")
        sizes = [VariantDraft(options={"Size": str(number)}, sku=f"S-{number}") for number in range(self.many)]
        price = PriceDraft(4500, breaks=[Break(number + 2, 4400 - number) for number in self.upto(10)])
        fixed_price.edit(listing=draft, actor=goods.SELLER, at=self.at, offers=[VariantOffer(size, price, 5) for size in sizes])
        chosen = [row.pk for row in self.lamps]
        for number in self.upto(10):
            done = assortment.begin(
                vendor=self.vendor, listing_ids=chosen, action=Restock("add", 1), key=f"{self.many} {number}", actor=goods.SELLER, at=self.at
            )
        self.names |= {"bulk_change": done.reference, "title": listings.cards_of([lamp], at=self.at)[0].href.split("/")[-2]}
        for number in self.upto(9):
            trade.method(self.vendor, base_minor=700 + number)
            trade.place_to_pick_up(self.vendor)

    def _trades(self) -> None:
        """Two with many lines, of which one is disputed, and some with one; a guest's, and one that nobody paid for yet."""
        big, sick = (self._bought(self.lamps) for _ in range(2))
        small = [self._bought(self.lamps[:1]) for _ in self.upto(TRADES)]
        for order in (sick, *small):
            orders.report_issue(order=order, reason="not_received", words="Where?", actor=trade.buyer_of(order), at=self.at)
        papers = [world.paper_of(order).reference for order in (*small, big)]
        wishes = [world.asked_back(order).reference for order in (*small, big)]
        guests = trade.orders_of(trade.pay(trade.place(trade.basket(*self.lamps))))[0]
        waiting = trade.place(trade.basket(*self.lamps[:40], user=self.buyer))
        assert waiting.payment is not None
        self.names |= {
            "order": big.reference,
            "paper": papers[-1],
            "return": wishes[-1],
            "sick": sick.reference,
            "hold": sick.hold.reference,
            "bank": big.hold.payment.provider_ref,
            "issue": Issue.objects.get(hold=sick.hold).reference,
            "guests": f"{guests.reference}/?key={order_reads.guest_key_of(guests)}",
            "waiting": waiting.reference,
            "payment": waiting.payment.reference,
            "unpaid": Order.objects.get(checkout=waiting.reference).reference,
        }

    def _bought(self, listings: list[Listing]) -> Order:
        return trade.orders_of(trade.pay(trade.place(trade.basket(*listings, user=self.buyer))))[0]

    def _belongings(self) -> None:
        for number in self.upto(15):
            addresses.add(user=self.buyer, data=addresses.address_data(**{**trade.LYON, "street": f"{number} rue"}), at=self.at)
            tokens.issue(user=self.buyer, name=f"Robot {number}", scopes=["read"], expires_at=self.at + timedelta(days=9), at=self.at)
        for number in range(self.many):
            told = {"category": "orders", "title": "Good news", "body": "It left.", "url": "/orders/"}
            notifications.notify(to=Recipient.of_user(self.buyer), key=f"told-{self.many}-{number}", at=self.at, **told)
        for _ in self.upto(10):
            client = Client()
            client.force_login(self.buyer, backend="django.contrib.auth.backends.ModelBackend")
            client.get("/you/sessions/")

    def _crew(self) -> None:
        for number in self.upto(10):
            people.make_member(self.vendor, "support")
            members.invite(
                vendor=self.vendor,
                email=f"later-{self.many}-{number}@example.com",
                role="packer",
                by=self.owner,
                actor=users.actor_of(self.owner),
                at=self.at,
            )

    def _tables(self) -> None:
        data = tables.written(*[[f"A-{number}", "Aurelio", "cheap" if number % 2 else "10.00", 1] for number in range(self.many + 1)])
        self.names |= {"import": self._brought(data).reference}
        for _ in self.upto(8):
            ended = imports.cancel(batch=self._brought(data), actor=goods.SELLER, at=self.at)
        done = tables.taken_in(self.vendor, data)
        self.names |= {"ended": ended.reference, "done": done.reference}

    def _brought(self, data: bytes) -> Import:
        terms = Terms(currency=self.vendor.currency, category="computers")
        actor = users.actor_of(self.owner)
        return imports.upload(vendor=self.vendor, user=self.owner, name="table.csv", file=io.BytesIO(data), terms=terms, actor=actor, at=self.at)

    def _money(self) -> None:
        for _ in self.upto(20):
            payouts.request(seller=self.vendor.party.key, currency="EUR", amount=Money(100, "EUR"), actor=SYSTEM, at=self.at)

    def _desk(self) -> None:
        for number in range(self.many):
            exceptions.report(provider="sandbox", kind="webhook_unknown_object", object_ref=f"unknown-{self.many}-{number}", at=self.at)
            roles.failed_job(f"NOSUCH{self.many}X{number}")

    def _baskets(self) -> None:
        """Last, because a purchase empties the basket. Of five shops at most: each is an order of its own."""
        elsewhere = [trade.goods() for _ in self.upto(4)]
        cart = trade.basket(*[*elsewhere, *self.lamps][: self.many], user=self.buyer)
        self.names |= {"line": cart.lines.all()[0].reference, "checkout": trade.draft_checkout(cart).reference}
