"""The last forty days of the demo market: orders that stand in every state today, told as lives on a frozen clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from backend.demo.people import Shop
from backend.demo.settle import Account
from backend.simulation import acts
from backend.simulation.acts import Buyer
from backend.simulation.calendar import Calendar, Life
from core.actors import Actor
from escrow.chargebacks.models import Chargeback
from escrow.payments import sandbox_bank
from escrow.payouts import queries as payouts
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Variant
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from marketplace.returns import operations as returns
from vendors.models import Vendor

Fate = Literal["", "arrives", "refused", "returned"]
Way = Literal["asked", "sent", "refunded"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Cast:
    """Everybody whom the story needs, by the names of people.py."""

    calendar: Calendar
    accounts: Mapping[str, Account]
    vendors: Mapping[str, Vendor]
    shops: Sequence[Shop]

    def buyer(self, handle: str) -> Buyer:
        """A person with their address."""
        return acts.buyer_of(self.accounts[handle].user)

    def seller(self, order: Order) -> Actor:
        """The owner of the shop that sold it."""
        slug = next(slug for slug, vendor in self.vendors.items() if vendor.pk == order.vendor_id)
        return self.accounts[next(shop.owner for shop in self.shops if shop.slug == slug)].actor

    def arbiter(self, handle: str) -> Actor:
        """A member of staff at the desk."""
        person = self.accounts[handle].actor
        return Actor("staff", person.reference, person.label)

    def do(self, deed: Callable[..., Any], *args: Any, **details: Any) -> Any:
        """Act at the frozen present."""
        return deed(*args, at=self.calendar.at, **details)


def thing(title: str, quantity: int = 1) -> acts.Wish:
    """A thing for sale by the beginning of its title."""
    variant = Variant.objects.offered().select_related("listing__vendor").filter(listing__title__startswith=title).order_by("id").first()
    if variant is None:
        raise LookupError(title)
    return variant, quantity


def bought(cast: Cast, buyer: Buyer, wishes: Sequence[tuple[str, int]], *, pickup: bool = False, in_parts: bool = False) -> list[Order]:
    """Place and pay; the orders, one per seller."""
    checkout = cast.do(acts.place, buyer, [thing(*wish) for wish in wishes], pickup=pickup, in_parts=in_parts)
    cast.do(acts.pay, checkout, method="card")
    return acts.orders_of(checkout)


def fresh(order: Order) -> Order:
    """The order as it stands now."""
    return Order.objects.get(pk=order.pk)


# ── lives ─────────────────────────────────────────────────────────────────────────────────────────
def happy(cast: Cast, handle: str, title: str, quantity: int = 1, *, confirm: bool = True, pickup: bool = False, payout: Fate = "") -> Life:
    """Bought, shipped or handed over, delivered, and confirmed (or looked at still); the seller may ask for the money at once."""
    buyer = cast.buyer(handle)
    (order,) = bought(cast, buyer, [(title, quantity)], pickup=pickup)
    yield 20 * HOUR
    cast.do(acts.hand_over if pickup else acts.ship, fresh(order), cast.seller(order))
    yield 4 * DAY
    if confirm:
        cast.do(acts.confirm, fresh(order), buyer)
    if payout:
        yield from _asked_for(cast, order, payout)


def _asked_for(cast: Cast, order: Order, fate: Fate) -> Life:
    """The seller wants the money in the bank: it arrives; or the provider wants to see papers first; or the bank sends it back."""
    seller = order.vendor.party.key
    cast.do(acts.ask_payout, order.vendor, cast.seller(order))
    payout = payouts.payouts_of(seller).select_related("account")[0]
    if fate == "refused":
        sandbox_bank.doubt_seller(payout.account.account_ref)
        yield HOUR
        sandbox_bank.doubt_seller(payout.account.account_ref, ready=True)
    if fate == "returned":
        yield 2 * DAY
        payout.refresh_from_db()
        sandbox_bank.bounce_payout(payout.payout_ref)


def three_parcels(cast: Cast) -> Life:
    """One basket, three sellers, one payment: one parcel is on its way, one is packed, one is not begun."""
    buyer = cast.buyer("amina")
    wishes = [("景德镇手作花瓶", 1), ("Shipping cartons", 2), ("Court sneakers", 1)]
    parcels = {order.vendor_id: order for order in bought(cast, buyer, wishes)}
    yield 14 * HOUR
    cartons = parcels[cast.vendors["nordkarton"].pk]
    cast.do(acts.ship, fresh(cartons), cast.seller(cartons), number="LOST4471BOX")  # it will stay on the road
    vases = parcels[cast.vendors["mei"].pk]
    cast.do(orders.pack, order=fresh(vases), actor=cast.seller(vases))


def broken_cups(cast: Cast) -> Life:
    """A business buyer opens an issue after delivery: frozen, waiting for the desk."""
    buyer = cast.buyer("cafe")
    (order,) = bought(cast, buyer, [("Stoneware cups", 120)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield 4 * DAY
    words = "18 of the 120 cups are broken. One carton was crushed before it was handed over; photos are on the delivery note."
    cast.do(acts.report, fresh(order), buyer, reason="damaged", words=words)


def decided(cast: Cast, handle: str, title: str, *, outcome: str, words: str, reason: str) -> Life:
    """An issue that the desk has decided."""
    buyer = cast.buyer(handle)
    (order,) = bought(cast, buyer, [(title, 1)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield 4 * DAY
    cast.do(acts.report, fresh(order), buyer, reason="not_as_described", words=words)
    yield 2 * DAY
    cast.do(acts.settle, fresh(order), cast.arbiter("rosa"), outcome=outcome, reason=reason)


def never_shipped(cast: Cast) -> Life:
    """The seller forgets: the clock gives everything back."""
    bought(cast, cast.buyer("tariq"), [("Small phone, 64 GB", 1)])
    yield DAY


def changed_mind(cast: Cast) -> Life:
    """Cancelled by the buyer before anything was shipped."""
    buyer = cast.buyer("tariq")
    (order,) = bought(cast, buyer, [("Compact espresso machine", 1)])
    yield 3 * HOUR
    cast.do(orders.cancel_by_buyer, order=fresh(order), reason="I found my old one.", actor=buyer.actor)


def not_there(cast: Cast) -> Life:
    """Cancelled by the seller."""
    (order,) = bought(cast, cast.buyer("wangmei"), [("Faience bowl", 1)])
    yield 9 * HOUR
    cast.do(orders.cancel_by_seller, order=fresh(order), reason="It broke while I packed it. I am sorry.", restock=False, actor=cast.seller(order))


def asked_to_cancel(cast: Cast) -> Life:
    """Packed already when the buyer asks to cancel: the seller's answer is awaited."""
    buyer = cast.buyer("cafe")
    (order,) = bought(cast, buyer, [("Book boxes", 2)])
    yield 20 * HOUR
    cast.do(orders.pack, order=fresh(order), actor=cast.seller(order))
    yield 4 * HOUR
    cast.do(orders.cancel_by_buyer, order=fresh(order), reason="We ordered the wrong size.", actor=buyer.actor)


def one_missing(cast: Cast) -> Life:
    """One of three cannot be delivered; the others are on their way."""
    (order,) = bought(cast, cast.buyer("tariq"), [("Sketchbook A4", 3)])
    yield 5 * HOUR
    missing = {order.lines.get().reference: 1}
    words = "One has a torn page."
    cast.do(orders.cancel_part, order=fresh(order), quantities=missing, reason=words, restock=False, actor=cast.seller(order))
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))


def sent_back(cast: Cast, handle: str, wish: tuple[str, int], *, reason: str, words: str, way: Way, confirmed: bool = False) -> Life:
    """One of these comes back: asked for, on its way, or there and refunded, while the money is held or after the seller was paid."""
    buyer = cast.buyer(handle)
    (order,) = bought(cast, buyer, [wish])
    seller = cast.seller(order)
    yield DAY
    cast.do(acts.ship, fresh(order), seller)
    yield 4 * DAY
    if confirmed:
        cast.do(acts.confirm, fresh(order), buyer)
        yield DAY
    one = {order.lines.get().reference: 1}
    asked = cast.do(returns.ask, order=fresh(order), quantities=one, reason=reason, words=words, actor=buyer.actor)
    if way == "asked":
        return
    yield DAY
    cast.do(returns.approve, asked=asked, words="Of course.", actor=seller)
    yield 2 * DAY
    cast.do(returns.send, asked=asked, carrier="La Poste", tracking_number=f"RET{order.reference}", actor=buyer.actor)
    if way == "refunded":
        yield 3 * DAY
        cast.do(returns.accept, asked=asked, restock=True, actor=seller)


def a_little_back(cast: Cast) -> Life:
    """The seller gives a part back before the release, and the buyer confirms."""
    buyer = cast.buyer("amina")
    (order,) = bought(cast, buyer, [("Denim work jacket", 1)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield 3 * DAY
    cast.do(acts.refund_part, fresh(order), cast.seller(order), amount_minor=500, reason="For the missing button.")
    yield DAY
    cast.do(acts.confirm, fresh(order), buyer)


def more_time(cast: Cast) -> Life:
    """Delivered, and the buyer has asked for seven more days."""
    buyer = cast.buyer("wangmei")
    (order,) = bought(cast, buyer, [("Hand-wound watch", 1)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield 5 * DAY
    cast.do(orders.ask_more_time, order=fresh(order), actor=buyer.actor)


def waiting_at_the_shop(cast: Cast) -> Life:
    """Paid, to be picked up: the buyer has a code."""
    bought(cast, cast.buyer("wangmei"), [("City bike, seven gears", 1)], pickup=True)
    yield HOUR


def a_guest(cast: Cast, guest: Buyer) -> Life:
    """Bought without an account."""
    (order,) = bought(cast, guest, [("Atlas of harbours", 1)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield DAY


def in_parts(cast: Cast, handle: str, title: str, terms: Mapping[str, Any], *, paid: int = 1, sent: bool = False) -> Life:
    """Its seller offers it in parts, and so it is bought: `paid` of them by now."""
    listing = thing(title)[0].listing
    owner = cast.accounts[next(shop.owner for shop in cast.shops if cast.vendors[shop.slug].pk == listing.vendor_id)].actor
    cast.do(listings.change, listing=listing, content=Content(payment_terms=terms), actor=owner)
    buyer = cast.buyer(handle)
    (order,) = bought(cast, buyer, [(title, 1)], in_parts=True)
    for _part in range(paid - 1):
        yield 5 * DAY
        cast.do(acts.pay_part, fresh(order), buyer)
    yield DAY
    if sent:
        cast.do(acts.ship, fresh(order), cast.seller(order))


def asked_back(cast: Cast, handle: str, title: str, *, received: bool, fate: Literal["", "answered", "lost"] = "") -> Life:
    """The buyer asks their bank instead of us: the seller has said something, the desk has answered, or the bank has decided."""
    buyer = cast.buyer(handle)
    (order,) = bought(cast, buyer, [(title, 1)])
    yield DAY
    cast.do(acts.ship, fresh(order), cast.seller(order))
    yield 5 * DAY
    if received:
        cast.do(acts.confirm, fresh(order), buyer)
        yield 2 * DAY
    ref = cast.do(acts.ask_bank, fresh(order))
    yield 6 * HOUR
    case = Chargeback.objects.get(ref=ref)
    cast.do(acts.defend, case, cast.seller(order), words="I sent it the next day. The carrier's page shows who signed for it.")
    if fate:
        yield DAY
        cast.do(acts.answer_bank, case, cast.arbiter("rosa"))
    if fate == "lost":
        yield 4 * DAY
        sandbox_bank.judge(ref, "lose", at=cast.calendar.at)
        yield HOUR


def left_at_the_bank(cast: Cast, handle: str, title: str) -> Life:
    """Went to pay and did not: it expires by itself."""
    checkout = cast.do(acts.place, cast.buyer(handle), [thing(title)])
    cast.do(acts.go_to_bank, checkout)
    yield HOUR


def declined(cast: Cast) -> Life:
    """The card was declined a moment ago; the buyer may still try again."""
    checkout = cast.do(acts.place, cast.buyer("tariq"), [thing("Mirrorless camera")])
    cast.do(acts.pay, checkout, decline=True)
    yield HOUR
