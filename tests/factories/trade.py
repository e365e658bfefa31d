"""Buyers, baskets, and trades at every step of their way, made by the real operations."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.users import queries as users
from core import clock
from core.actors import Actor
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.plans import queries as plans
from escrow.plans import terms as plan_terms
from marketplace.cart import operations as carts
from marketplace.cart.models import Cart
from marketplace.catalog.listings.models import Listing
from marketplace.checkout import details, operations, quotes
from marketplace.checkout.models import Checkout
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from marketplace.orders import operations as orders
from marketplace.orders import paying
from marketplace.orders.models import Order
from tests.factories.goods import NOON, SELLER, person, published, shop
from vendors.models import Vendor

LYON = {"name": "Amina Rahal", "street": "14 rue du Marronnier", "postcode": "69003", "city": "Lyon", "country": "FR", "phone": "+33 6 12 34 56 78"}


def method(vendor: Vendor, *, base_minor: int = 690, **terms: object) -> ShippingMethod:
    draft = shipping.MethodDraft(name="Home", zones=["*"], base_minor=base_minor, **terms)  # type: ignore[arg-type]
    return shipping.add_method(vendor=vendor, draft=draft, actor=SELLER, at=NOON)


def place_to_pick_up(vendor: Vendor) -> PickupPlace:
    draft = pickup.PlaceDraft(name="Workshop", street="3 quai Perrache", city="Lyon", country="FR", postcode="69002", hours="Any evening")
    return pickup.add_place(vendor=vendor, draft=draft, actor=SELLER, at=NOON)


def goods(**price: object) -> Listing:
    """One thing of a shop that sends parcels."""
    vendor = shop()
    method(vendor)
    return published(vendor, **price)  # type: ignore[arg-type]


def basket(*listings: Listing, user: User | None = None, quantity: int = 1, at: datetime | None = None) -> Cart:
    at = at or clock.now()
    cart = carts.open_for(user=user, at=at) if user else carts.open_for_guest(at=at)[0]
    for listing in listings:
        carts.add(cart=cart, variant=listing.variants.offered().get(), quantity=quantity, at=at)
    return cart


def draft_checkout(cart: Cart, *, currency: str = "EUR") -> Checkout:
    draft, _quote = operations.begin(cart=cart, currency=currency, user=cart.user, language="en", at=clock.now())
    return draft


def typed(
    cart: Cart, *, email: str = "amina@example.com", choices: dict[str, str] | None = None, plans: tuple[str, ...] = (), **address: str
) -> details.Details:
    known = cart.user.email if cart.user else email
    return details.tidy(email=known, address={**LYON, **address}, choices=choices or {}, plans=plans)


def place(cart: Cart, *, choices: dict[str, str] | None = None, plans: tuple[str, ...] = ()) -> Checkout:
    """Agreed and waiting for the money."""
    checkout, said, at = draft_checkout(cart), typed(cart, choices=choices, plans=plans), clock.now()
    total = quotes.quote(cart=cart, currency="EUR", country="FR", choices=said.choices, at=at).totals.total_minor
    return operations.place(checkout=checkout, details=said, shown_total_minor=total, return_url="/checkout/done/", actor=actor_of(cart), at=at)


def pay(checkout: Checkout, *, decline: bool = False) -> Checkout:
    """At the bank's page, and back."""
    operations.start_payment(checkout=checkout)
    assert checkout.payment is not None
    checkout.payment.refresh_from_db()
    sandbox_bank.pay(checkout.payment.provider_ref, method="card", at=clock.now(), decline=decline, manner="drop")
    payments.refresh(payment_reference=checkout.payment.reference)
    checkout.refresh_from_db()
    return checkout


def orders_of(checkout: Checkout) -> list[Order]:
    return list(Order.objects.with_everything().filter(checkout=checkout.reference).order_by("id"))


def paid_order(listing: Listing | None = None, *, user: User | None = None, choices: dict[str, str] | None = None) -> Order:
    """One order whose money is held."""
    cart = basket(listing or goods(), user=user or person())
    return orders_of(pay(place(cart, choices=choices)))[0]


def planned_order(**terms: object) -> Order:
    """Bought in parts; the first is held. Deposit and balance, unless the terms say otherwise."""
    listing, offered = goods(price_minor=100_000), terms or {"kind": "deposit", "percent": 30, "days": 14}
    Listing.objects.filter(pk=listing.pk).update(payment_terms=plan_terms.kept(plan_terms.offered(offered)))
    return orders_of(pay(place(basket(listing, user=person()), plans=(listing.vendor.reference,))))[0]


def pay_part(order: Order, position: int = 2) -> Order:
    """The next part, at the bank's page and back."""
    part = plans.parts_of(order.plan).get(position=position)
    payment = paying.pay_part(order=order, part=part.reference, return_url="/orders/", actor=buyer_of(order), at=clock.now())
    paying.start(reference=payment.reference)
    payment.refresh_from_db()
    sandbox_bank.pay(payment.provider_ref, method="card", at=clock.now(), manner="drop")
    assert paying.refresh(order=order, part=part.reference)
    return Order.objects.with_everything().get(pk=order.pk)


def guest_order(listing: Listing | None = None) -> Order:
    return orders_of(pay(place(basket(listing or goods()))))[0]


def seller_of(order: Order) -> tuple[User, Actor]:
    owner = order.vendor.members.order_by("id").first().user
    return owner, users.actor_of(owner)


def buyer_of(order: Order) -> Actor:
    return users.actor_of(order.user) if order.user else Actor("guest")


def actor_of(cart: Cart) -> Actor:
    return users.actor_of(cart.user) if cart.user else Actor("guest")


def delivered_order() -> Order:
    """Sent, and brought by the carrier."""
    order = paid_order()
    shipping.send(order=order, carrier="sandbox", tracking_number="", actor=seller_of(order)[1], at=clock.now())
    return orders.deliver(order=order, by="carrier", actor=Actor("carrier"), at=clock.now())


def pickup_order() -> Order:
    """Paid, and waiting to be picked up."""
    vendor = shop()
    where = place_to_pick_up(vendor)
    listing = published(vendor, title="Bicycle")
    Listing.objects.filter(pk=listing.pk).update(hand_overs=["pickup"])
    return paid_order(listing, choices={vendor.reference: f"pickup:{where.reference}"})
