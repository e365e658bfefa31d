"""Placing a checkout: everything at once or nothing, once however often it is pressed."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from accounts.addresses.operations import AddressInvalid
from core import clock
from core.errors import Invalid, NotHere
from escrow.payments import operations as payments
from escrow.payments.ways import WayNotOffered
from escrow.providers.sandbox.models import SandboxPayment
from marketplace.cart import operations as carts
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock import queries as stock
from marketplace.catalog.stock.operations import StockShort
from marketplace.checkout import access, operations, quotes
from marketplace.checkout.models import Checkout
from marketplace.checkout.operations import NoDelivery, NothingToBuy, PriceChanged
from marketplace.checkout.states import CheckoutState
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState
from tests.factories.goods import SELLER, offer, person, published, shop
from tests.factories.trade import actor_of, basket, draft_checkout, goods, method, orders_of, pay, place, place_to_pick_up, typed
from vendors.policies import operations as policies

pytestmark = pytest.mark.django_db


def attempt(checkout: Checkout, total: int, **said: object) -> Checkout:
    return operations.place(
        checkout=checkout,
        details=typed(checkout.cart, **said),  # type: ignore[arg-type]
        shown_total_minor=total,
        return_url="/done/",
        actor=actor_of(checkout.cart),
        at=clock.now(),
    )


def nothing_happened(checkout: Checkout) -> bool:
    checkout.refresh_from_db()
    return checkout.state == CheckoutState.DRAFT and not Order.objects.exists() and not Variant.objects.filter(reserved__gt=0).exists()


def test_place_makes_one_payment_and_one_order_and_one_hold_per_seller() -> None:
    checkout = place(basket(goods(), goods(), goods(), user=person()))
    orders = orders_of(checkout)
    assert checkout.state == CheckoutState.PLACED
    assert len(orders) == 3
    assert {order.hold.payment for order in orders} == {checkout.payment}
    assert sum(order.total_minor for order in orders) == checkout.total_minor == checkout.payment.amount_minor == 3 * (4500 + 690)
    assert all(order.hold.gross_minor == order.total_minor for order in orders)
    assert checkout.payment.snapshot_hash == quotes.fingerprint(checkout.snapshot)
    assert all(stock.available([line.variant_id])[line.variant_id] == 0 for order in orders for line in order.lines.all())


def test_place_twice_is_once() -> None:
    cart = basket(goods(), user=person())
    checkout = draft_checkout(cart)
    first = attempt(checkout, 5190)
    second = attempt(checkout, 5190)
    assert first.payment == second.payment
    assert Order.objects.count() == 1


def test_place_asks_again_when_the_total_changed() -> None:
    listing = goods()
    checkout = draft_checkout(basket(listing, user=person()))
    listing.refresh_from_db()
    offer(listing, price_minor=4600)
    with pytest.raises(PriceChanged) as refused:
        attempt(checkout, 5190)
    assert refused.value.params["total_minor"] == 5290
    assert nothing_happened(checkout)
    assert attempt(checkout, 5290).state == CheckoutState.PLACED


def test_place_refuses_what_was_bought_by_somebody_faster() -> None:
    listing = goods()
    slow = draft_checkout(basket(listing, user=person()))
    place(basket(listing, user=person()))
    with pytest.raises((NothingToBuy, StockShort)):
        attempt(slow, 5190)
    assert slow.cart.lines.free().count() == 1


def test_place_refuses_paused_goods() -> None:
    listing = goods()
    checkout = draft_checkout(basket(listing, user=person()))
    listings.pause(listing=listing, actor=SELLER, at=clock.now())
    with pytest.raises(NothingToBuy):
        attempt(checkout, 5190)
    assert nothing_happened(checkout)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("street", ""), ("postcode", "1"), ("country", "ZZ"), ("country", ""), ("phone", "call me"), ("name", "x" * 200)],
)
def test_place_names_the_wrong_field_of_the_address(field: str, wrong: str) -> None:
    checkout = draft_checkout(basket(goods(), user=person()))
    with pytest.raises(Invalid) as refused:
        attempt(checkout, 5190, **{field: wrong})
    assert refused.value.field == field
    assert nothing_happened(checkout)


def test_place_asks_guests_for_an_address_that_mail_can_reach() -> None:
    checkout = draft_checkout(basket(goods()))
    with pytest.raises(Invalid) as refused:
        attempt(checkout, 5190, email="not an address")
    assert refused.value.field == "email"
    assert nothing_happened(checkout)


def test_place_says_everything_that_is_wrong_at_once() -> None:
    checkout = draft_checkout(basket(goods()))
    with pytest.raises(AddressInvalid) as refused:
        attempt(checkout, 5190, email="x", street="", city="")
    assert {"email", "street", "city"} <= set(refused.value.fields)


def test_place_refuses_a_delivery_of_another_seller() -> None:
    mine, other = goods(), goods()
    checkout = draft_checkout(basket(mine, user=person()))
    foreign = other.vendor.shipping_methods.get().reference
    with pytest.raises(NoDelivery):
        attempt(checkout, 5190, choices={mine.vendor.reference: f"parcel:{foreign}"})
    assert nothing_happened(checkout)


def test_place_refuses_where_the_seller_does_not_deliver() -> None:
    vendor = shop()
    method(vendor)
    vendor.shipping_methods.update(zones=["DE"])
    checkout = draft_checkout(basket(published(vendor), user=person()))
    with pytest.raises(NoDelivery):
        attempt(checkout, 5190)
    assert nothing_happened(checkout)


def test_pickup_needs_no_address_and_costs_nothing() -> None:
    vendor = shop()
    place_of = place_to_pick_up(vendor)
    listing = published(vendor, title="Bicycle")
    listing.__class__.objects.filter(pk=listing.pk).update(hand_overs=["pickup"])
    checkout = draft_checkout(basket(listing, user=person()))
    attempt(checkout, 4500, street="", postcode="", city="", country="", choices={vendor.reference: f"pickup:{place_of.reference}"})
    order = orders_of(checkout)[0]
    assert order.address is None
    assert order.delivery_minor == 0
    assert order.delivery["place"]["city"] == "Lyon"


def test_a_basket_in_two_currencies_pays_one_at_a_time() -> None:
    yuan = shop(currency="CNY", country="CN")
    method(yuan)
    cart = basket(goods(), published(yuan), user=person())
    euros = place(cart)
    assert [order.currency for order in orders_of(euros)] == ["EUR"]
    assert cart.lines.free().get().variant.listing.vendor == yuan


@pytest.mark.parametrize("currency", ["USD", "", "eur", "XXX", "🪙"])
def test_begin_refuses_a_currency_that_the_basket_does_not_have(currency: str) -> None:
    with pytest.raises(NothingToBuy):
        operations.begin(cart=basket(goods(), user=person()), currency=currency[:3], user=None, language="en", at=clock.now())


def test_a_total_beyond_any_payment_is_refused() -> None:
    listing = goods(price_minor=10**9, on_hand=10_000)
    with pytest.raises(quotes.TooDear):
        draft_checkout(basket(listing, user=person(), quantity=9_999))


def test_checkout_is_its_buyers_alone() -> None:
    person_ = person()
    mine, (guest, token) = draft_checkout(basket(goods(), user=person_)), carts.open_for_guest(at=clock.now())
    carts.add(cart=guest, variant=goods().variants.get(), quantity=1, at=clock.now())
    theirs = draft_checkout(guest)
    assert access.get_for(user=person_, reference=mine.reference) == mine
    assert access.get_for(user=None, cart_token=token, reference=theirs.reference) == theirs
    for stranger, key in ((person(), ""), (None, ""), (None, token), (person(), "x")):
        with pytest.raises(NotHere):
            access.get_for(user=stranger, cart_token=key, reference=mine.reference)
    with pytest.raises(NotHere):
        access.get_for(user=person_, cart_token="", reference=theirs.reference)


@pytest.mark.django_db(transaction=True)
def test_pay_turns_orders_paid_and_empties_the_basket() -> None:
    cart = basket(goods(), goods(), user=person())
    checkout = pay(place(cart))
    assert checkout.state == CheckoutState.PAID
    assert {order.state for order in orders_of(checkout)} == {OrderState.PAID}
    assert not cart.lines.exists()
    assert not Variant.objects.filter(reserved__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_declined_keeps_everything_reserved_and_payable() -> None:
    checkout = pay(place(basket(goods(), user=person())), decline=True)
    assert checkout.state == CheckoutState.PLACED
    assert pay(checkout).state == CheckoutState.PAID


@pytest.mark.django_db(transaction=True)
def test_abandon_gives_stock_and_basket_back() -> None:
    listing = goods()
    cart = basket(listing, user=person())
    checkout = place(cart)
    operations.start_payment(checkout=checkout)
    assert cart.lines.free().count() == 0
    checkout = operations.abandon(checkout=checkout, actor=actor_of(cart), at=clock.now())
    assert checkout.state == CheckoutState.EXPIRED
    assert orders_of(checkout)[0].state == OrderState.EXPIRED
    assert cart.lines.free().count() == 1
    assert stock.available([listing.variants.get().pk])[listing.variants.get().pk] == 1


@pytest.mark.django_db(transaction=True)
def test_expiry_gives_stock_back_only_after_the_provider_closed_its_page() -> None:
    listing = goods()
    checkout = place(basket(listing, user=person()))
    operations.start_payment(checkout=checkout)
    clock.travel(timedelta(minutes=16))
    variant = listing.variants.get().pk
    assert stock.available([variant])[variant] == 0
    payments.expire(payment_reference=checkout.payment.reference, at=clock.now())
    assert stock.available([variant])[variant] == 1
    clock_back()


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_make_one_order() -> None:
    checkout = draft_checkout(basket(goods(), user=person()))
    in_parallel(20, lambda: attempt(checkout, 5190))
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_fifty_buyers_buy_ten_units_exactly_once_each() -> None:
    for _round in range(3):
        listing = goods(on_hand=10)
        waiting = [draft_checkout(basket(listing, user=person())) for _ in range(50)]
        sold: list[int] = []
        refused: list[Exception] = []

        def buy(checkout: Checkout, sold: list[int] = sold, refused: list[Exception] = refused) -> None:
            try:
                sold.append(attempt(checkout, 5190).pk)
            except (StockShort, NothingToBuy) as fact:
                refused.append(fact)

        in_parallel_each(waiting, buy)
        assert (len(sold), len(refused)) == (10, 40)
        assert stock.miscounted() == []
        variant = listing.variants.get()
        assert (variant.on_hand, variant.reserved) == (10, 10)


def clock_back() -> None:
    clock.travel(-timedelta(minutes=16))


def in_parallel(count: int, act) -> None:
    in_parallel_each(list(range(count)), lambda _number: act())


def in_parallel_each(things, act) -> None:
    failures: list[BaseException] = []

    def run(thing) -> None:
        try:
            act(thing)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[:3]


def test_order_keeps_the_tax_that_its_prices_contain() -> None:
    business = shop(kind="business")
    method(business, base_minor=595)
    promise = {"handling_days": 2, "returns_days": 14, "returns_paid_by": "buyer", "actor": SELLER, "at": clock.now()}
    policies.change(vendor=business, tax_bp=1900, **promise)  # type: ignore[arg-type]
    order = orders_of(place(basket(published(business, price_minor=11900))))[0]
    policies.change(vendor=business, tax_bp=700, **promise)  # type: ignore[arg-type]
    order.refresh_from_db()
    line = order.lines.get()
    assert (line.tax_bp, line.tax_minor) == (1900, 1900)
    assert order.tax_minor == 1900 + 95  # 19 % within 119.00 and within 5.95
    assert order.total.amount_minor == 11900 + 595  # contained, never added


def test_own_goods_that_came_in_as_a_guest_are_not_sold() -> None:
    owner = person()
    vendor = shop(owner)
    method(vendor)
    guest, _token = carts.open_for_guest(at=clock.now())
    carts.add(cart=guest, variant=published(vendor).variants.get(), quantity=1, at=clock.now())
    mine = carts.open_for(user=owner, at=clock.now())
    carts.merge_guest(guest=guest, into=mine, at=clock.now())
    checkout = draft_checkout(mine)
    with pytest.raises(carts.OwnGoods):
        attempt(checkout, 5190)
    assert nothing_happened(checkout)


def test_place_hands_on_who_pays_and_how() -> None:
    checkout = draft_checkout(basket(goods(), user=person()))
    placed = operations.place(
        checkout=checkout, details=replace(typed(checkout.cart), method="wechat_pay"), shown_total_minor=5190,
        return_url="/done/", actor=actor_of(checkout.cart), at=clock.now(),
    )  # fmt: skip
    payment = placed.payment
    assert payment is not None
    assert (payment.payer_country, payment.payer_email, payment.payer_language) == ("FR", checkout.cart.user.email, "en")
    operations.start_payment(checkout=placed)
    assert SandboxPayment.objects.get().method == "wechat_pay"
    paid = pay(placed).payment
    assert paid is not None
    assert paid.state == "succeeded"
    assert paid.payer_email == ""


def test_place_refuses_a_way_to_pay_that_is_not_offered() -> None:
    checkout = draft_checkout(basket(goods(), user=person()))
    with pytest.raises(WayNotOffered) as refused:
        operations.place(
            checkout=checkout, details=replace(typed(checkout.cart), method="affirm"), shown_total_minor=5190,
            return_url="/done/", actor=actor_of(checkout.cart), at=clock.now(),
        )  # fmt: skip
    assert refused.value.field == "method"
