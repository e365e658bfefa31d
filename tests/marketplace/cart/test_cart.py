"""The basket: adding, choosing, merging, and everything that can be wrong with a line."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from core.errors import Invalid, NotHere, Stale
from marketplace.cart import access, operations, queries
from marketplace.cart.models import Cart, CartLine
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Listing
from marketplace.sale_formats.fixed_price.queries import MinimumQuantity
from tests.factories.goods import NOON, SELLER, offer, person, published, shop

pytestmark = pytest.mark.django_db


def variant_of(listing: Listing):
    return listing.variants.offered().get()


def cart_with(*things: Listing, quantity: int = 1) -> Cart:
    cart = operations.open_for(user=person(), at=NOON)
    for listing in things:
        operations.add(cart=cart, variant=variant_of(listing), quantity=quantity, at=NOON)
    return cart


def test_view_groups_by_currency_and_by_seller() -> None:
    first, second, yuan = shop(), shop(), shop(currency="CNY", country="CN")
    cart = cart_with(published(first), published(second), published(yuan), published(first))
    view = queries.view(cart, at=NOON)
    assert [group.currency for group in view.currencies] == ["CNY", "EUR"]
    assert [len(seller.lines) for seller in view.group("EUR").sellers] == [2, 1]
    assert view.group("EUR").goods.amount_minor == 3 * 4500
    assert view.things == 4


def test_add_twice_adds_up_in_one_line() -> None:
    listing = published(on_hand=9)
    cart = cart_with(listing, quantity=2)
    operations.add(cart=cart, variant=variant_of(listing), quantity=3, at=NOON)
    assert [line.quantity for line in cart.lines.all()] == [5]


@pytest.mark.parametrize("quantity", [0, -1, 10_000, 2**70, True, 1.5, "3"])
def test_add_refuses_impossible_quantities(quantity: object) -> None:
    cart, listing = operations.open_for(user=person(), at=NOON), published()
    with pytest.raises(Invalid):
        operations.add(cart=cart, variant=variant_of(listing), quantity=quantity, at=NOON)  # type: ignore[arg-type]
    assert not cart.lines.exists()


def test_add_refuses_what_is_not_for_sale() -> None:
    listing = published()
    listings.pause(listing=listing, actor=SELLER, at=NOON)
    with pytest.raises(operations.NotForSale):
        operations.add(cart=cart_with(), variant=variant_of(listing), quantity=1, at=NOON)


def test_add_refuses_less_than_the_minimum() -> None:
    listing = published(on_hand=50, min_quantity=10)
    with pytest.raises(MinimumQuantity):
        operations.add(cart=cart_with(), variant=variant_of(listing), quantity=9, at=NOON)


def test_problems_are_named_per_line() -> None:
    paused, short, dearer, fine = published(), published(on_hand=3), published(), published()
    cart = cart_with(paused, dearer, fine)
    operations.add(cart=cart, variant=variant_of(short), quantity=4, at=NOON)
    listings.pause(listing=paused, actor=SELLER, at=NOON)
    dearer.refresh_from_db()
    offer(dearer, price_minor=5000)
    lines = {line.row.variant.listing_id: line for line in queries.lines_of(list(_rows(cart)), at=NOON + timedelta(hours=1))}
    assert [[p.code for p in lines[x.pk].problems] for x in (paused, short, dearer, fine)] == [
        ["not_for_sale"], ["stock_short"], ["price_changed"], [],
    ]  # fmt: skip
    assert lines[paused.pk].is_blocked
    assert lines[short.pk].is_blocked
    assert not lines[dearer.pk].is_blocked


def test_choose_and_blocked_lines_decide_what_counts() -> None:
    first, second = published(), published()
    cart = cart_with(first, second)
    line = cart.lines.first()
    operations.choose(cart=cart, chosen=[line.reference], at=NOON)
    assert queries.view(cart, at=NOON).group("EUR").goods.amount_minor == 4500
    operations.choose(cart=cart, chosen=[], at=NOON)
    assert queries.view(cart, at=NOON).group("EUR").to_buy == []


def test_lines_of_other_carts_are_not_here() -> None:
    mine, theirs = cart_with(published()), cart_with(published())
    foreign = theirs.lines.get().reference
    for attempt in (
        lambda: operations.set_quantity(cart=mine, line=foreign, quantity=2, at=NOON),
        lambda: operations.remove(cart=mine, line=foreign, at=NOON),
        lambda: operations.choose(cart=mine, chosen=[foreign], at=NOON),
    ):
        with pytest.raises(NotHere):
            attempt()
    assert theirs.lines.get().quantity == 1


def test_if_version_refuses_a_stale_writer() -> None:
    cart = cart_with(published())
    line = cart.lines.get().reference
    seen = Cart.objects.get(pk=cart.pk).version
    operations.set_quantity(cart=cart, line=line, quantity=2, at=NOON, if_version=seen)
    with pytest.raises(Stale):
        operations.set_quantity(cart=cart, line=line, quantity=3, at=NOON, if_version=seen)
    assert cart.lines.get().quantity == 2


def test_merge_keeps_the_larger_quantity_and_happens_once() -> None:
    listing, other = published(on_hand=9), published()
    mine = cart_with(listing, quantity=2)
    guest, token = operations.open_for_guest(at=NOON)
    operations.add(cart=guest, variant=variant_of(listing), quantity=5, at=NOON)
    operations.add(cart=guest, variant=variant_of(other), quantity=1, at=NOON)
    for _ in range(2):
        operations.merge_guest(guest=guest, into=mine, at=NOON)
    assert sorted(mine.lines.values_list("quantity", flat=True)) == [1, 5]
    assert access.guest_cart(token=token) is None
    with pytest.raises(operations.CartClosed):
        operations.add(cart=guest, variant=variant_of(other), quantity=1, at=NOON)


def test_guest_cart_opens_only_with_its_token() -> None:
    cart, token = operations.open_for_guest(at=NOON)
    assert access.find_for(user=None, token=token) == cart
    assert access.find_for(user=None, token=token[:-1]) is None
    assert access.find_for(user=None, token="") is None
    assert token not in str(Cart.objects.filter(pk=cart.pk).values())


def test_parked_lines_come_back_with_what_was_added_meanwhile() -> None:
    listing = published(on_hand=9)
    cart = cart_with(listing, quantity=2)
    line = cart.lines.get()
    assert operations.park(cart=cart, lines=[line.reference], checkout="C1", at=NOON) == 1
    assert queries.view(cart, at=NOON).is_empty
    operations.add(cart=cart, variant=variant_of(listing), quantity=1, at=NOON)
    operations.unpark(cart=cart, checkout="C1", at=NOON)
    assert [row.quantity for row in cart.lines.free()] == [3]


def test_view_costs_the_same_number_of_queries_for_any_cart(django_assert_max_num_queries) -> None:
    cart = cart_with(*(published() for _ in range(6)))
    with django_assert_max_num_queries(8):
        queries.view(cart, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_adds_make_one_line_of_twenty() -> None:
    cart = cart_with()
    variant = variant_of(published(on_hand=50))

    def add() -> None:
        try:
            operations.add(cart=cart, variant=variant, quantity=1, at=NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(CartLine.objects.filter(cart=cart).values_list("quantity", flat=True)) == [20]


def _rows(cart: Cart):
    return cart.lines.select_related("variant__listing__vendor__party", "variant__listing__category").prefetch_related("variant__listing__photos")


def test_nobody_buys_from_their_own_shop() -> None:
    owner = person()
    listing = published(shop(owner))
    with pytest.raises(operations.OwnGoods):
        operations.add(cart=operations.open_for(user=owner, at=NOON), variant=variant_of(listing), quantity=1, at=NOON)
    assert not CartLine.objects.exists()


def test_what_was_left_out_of_a_purchase_is_chosen_again_when_nothing_else_is_left() -> None:
    cart = cart_with(published(), published(), published())
    bought, kept, put_off = cart.lines.order_by("pk")
    operations.choose(cart=cart, chosen=[bought.reference], at=NOON)
    operations.park(cart=cart, lines=[bought.reference], checkout="C1", at=NOON)
    operations.forget_parked(cart=cart, checkout="C1", at=NOON)
    assert set(cart.lines.values_list("reference", "chosen")) == {(kept.reference, True), (put_off.reference, True)}


def test_a_choice_among_what_is_left_stays_as_it_is() -> None:
    cart = cart_with(published(), published(), published())
    bought, kept, put_off = cart.lines.order_by("pk")
    operations.choose(cart=cart, chosen=[bought.reference, kept.reference], at=NOON)
    operations.park(cart=cart, lines=[bought.reference], checkout="C1", at=NOON)
    operations.forget_parked(cart=cart, checkout="C1", at=NOON)
    assert set(cart.lines.values_list("reference", "chosen")) == {(kept.reference, True), (put_off.reference, False)}
