"""The receipt and the fees: numbers that people keep."""

import pytest
from django.test import Client

from escrow.fees.models import CommissionPlan
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from tests.factories.goods import person
from tests.factories.trade import basket, delivered_order, draft_checkout, goods, paid_order, place

pytestmark = pytest.mark.django_db(transaction=True)


def text(response) -> str:
    return response.content.decode()


def test_the_receipt_says_what_was_paid_to_whom() -> None:
    order = delivered_order()
    client = Client()
    client.force_login(order.user)
    assert f"/orders/{order.reference}/proof/" in text(client.get(f"/orders/{order.reference}/"))
    page = text(client.get(f"/orders/{order.reference}/proof/"))
    for words in (order.number, order.vendor.name, order.lines.get().title, "€45.00", order.email):
        assert words in page
    stranger = Client()
    stranger.force_login(person())
    assert stranger.get(f"/orders/{order.reference}/proof/").status_code == 404


def test_there_is_no_receipt_before_the_payment() -> None:
    user = person()
    place(basket(goods(), user=user))
    order = user.orders.get()
    client = Client()
    client.force_login(user)
    assert client.get(f"/orders/{order.reference}/proof/").url == f"/orders/{order.reference}/"


def test_a_guest_reads_the_receipt_with_the_link() -> None:
    order = paid_order()
    assert Client().get(f"/orders/{order.reference}/proof/").status_code == 404


def test_fees_name_the_rates_that_hold() -> None:
    client = Client()
    page = text(client.get("/fees/"))
    assert "8%" in page
    assert "€92.00" in page
    from marketplace.catalog.categories.models import Category

    leaf = goods().category
    assert isinstance(leaf, Category)
    CommissionPlan.objects.create(code="all", rate_bp=650)
    CommissionPlan.objects.create(code="leaf", rate_bp=1225, category_slug=leaf.slug)
    CommissionPlan.objects.create(code="friend", rate_bp=100, party="ABCDEFGHJKMN")
    page = text(client.get("/fees/"))
    assert "6.5%" in page
    assert "€93.50" in page
    assert leaf.name in page
    assert "12.25%" in page
    assert ">1%" not in page


def test_the_checkout_offers_no_payment_where_nobody_delivers() -> None:
    user = person()
    listing = goods()
    ShippingMethod.objects.update(zones=["FR"])
    checkout = draft_checkout(basket(listing, user=user))
    client = Client()
    client.force_login(user)
    path = f"/checkout/{checkout.reference}/"
    first = text(client.get(path))
    assert 'value="FR" selected' in first
    assert 'name="pay"' in first
    page = text(client.post(path, {"email": user.email, "name": "Amina", "country": "JP", "update": "1"}))
    assert "does not deliver to this country" in page
    assert 'name="pay"' not in page
    assert "cannot be paid like this" in page
