"""The same thing in another variant: kept from the shelf when the seller agrees, sent when the first is back, and given up for money."""

import pytest
from django.core.management import call_command

from core import clock
from core.actors import Actor
from core.errors import Invalid
from marketplace.cart import operations as carts
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.stock import operations as stock
from marketplace.orders.models import Order
from marketplace.returns import exchanges, operations
from marketplace.returns.models import Return
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantDraft, VariantOffer
from tests.factories import goods, trade
from tests.marketplace.returns.steps import NUMBER, brought, hold_of, seller

pytestmark = pytest.mark.django_db(transaction=True)


def shirts() -> Listing:
    """In three sizes: two of S and M, one of a dearer L."""
    vendor = goods.shop()
    trade.method(vendor)
    draft = goods.draft(vendor, title="Shirt")
    offers = [
        VariantOffer(VariantDraft(options={"Size": size}, sku=f"SHIRT-{size}"), PriceDraft(price), on_hand)
        for size, price, on_hand in (("S", 2_000, 2), ("M", 2_000, 1), ("L", 2_500, 1))
    ]
    fixed_price.edit(listing=draft, actor=goods.SELLER, at=goods.NOON, offers=offers)
    return listings.publish(listing=draft, actor=goods.SELLER, at=goods.NOON)


def size(name: str) -> Variant:
    return Variant.objects.get(sku=f"SHIRT-{name}")


def bought() -> Order:
    """One of size S, delivered."""
    shirts()

    cart = carts.open_for(user=goods.person(), at=clock.now())
    carts.add(cart=cart, variant=size("S"), quantity=1, at=clock.now())
    return brought(trade.orders_of(trade.pay(trade.place(cart)))[0])


def wished(order: Order, name: str = "M") -> Return:
    return operations.ask(
        order=order, quantities={order.lines.get().reference: 1}, reason="does_not_fit", wish="exchange", variant=size(name).reference,
        at=clock.now(), actor=trade.buyer_of(order),
    )  # fmt: skip


def back(asked: Return) -> Return:
    """Agreed, sent and received."""
    asked = operations.approve(asked=asked, send_to="3 quai Perrache, Lyon", at=clock.now(), actor=seller(asked))
    asked = operations.send(asked=asked, carrier="", tracking_number=NUMBER, at=clock.now(), actor=trade.buyer_of(asked.order))
    return operations.accept(asked=asked, restock=True, at=clock.now(), actor=seller(asked))


def on_shelf(name: str) -> tuple[int, int]:
    variant = size(name)
    return variant.on_hand, variant.available


def test_an_exchange_moves_things_and_no_money() -> None:
    order = bought()
    asked = wished(order)
    assert on_shelf("M") == (1, 1)
    asked = back(asked)
    assert (asked.state, on_shelf("S"), on_shelf("M")) == ("replacing", (2, 2), (1, 0))
    asked = exchanges.ship(asked=asked, carrier="", tracking_number="NEW-1", at=clock.now(), actor=seller(asked))
    assert on_shelf("M") == (0, 0)
    asked = exchanges.finish(asked=asked, at=clock.now(), actor=trade.buyer_of(order))
    hold = hold_of(order)
    assert (asked.state, hold.state, hold.refunded_minor, hold.return_left) == ("exchanged", "delivered", 0, None)
    call_command("check_ledger")


def test_without_a_replacement_the_money_comes_and_the_shelf_gets_it_back() -> None:
    order = bought()
    asked = back(wished(order))
    asked = operations.fall_back(asked=asked, at=clock.now(), actor=seller(asked))
    assert (asked.state, asked.refunded, on_shelf("M")) == ("refunded", asked.amount, (1, 1))
    call_command("check_ledger")


def test_a_replacement_that_somebody_else_bought_turns_the_wish_into_money() -> None:
    order = bought()
    asked = wished(order)

    stock.count(variant=size("M"), on_hand=0, actor=goods.SELLER, at=clock.now())
    asked = back(asked)
    assert (asked.state, asked.wish, asked.refunded) == ("refunded", "refund", asked.amount)


@pytest.mark.parametrize("name", ["L", "S"])
def test_only_another_variant_of_the_same_price_can_be_had(name: str) -> None:
    with pytest.raises(Invalid):
        wished(bought(), name)


def test_a_replacement_that_is_wrong_goes_to_the_dispute() -> None:
    order = bought()
    asked = back(wished(order))
    asked = exchanges.ship(asked=asked, carrier="", tracking_number="NEW-1", at=clock.now(), actor=seller(asked))
    operations.protest(asked=asked, words="It is an L", at=clock.now(), actor=Actor("user", order.user.reference if order.user else ""))
    asked.refresh_from_db()
    assert (asked.state, hold_of(order).state) == ("disputed", "disputed")
