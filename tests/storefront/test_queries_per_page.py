"""How many questions each page and answer asks the database: literally the same with one thing and with many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.addresses import operations as addresses
from accounts.models import User
from accounts.tokens import operations as tokens
from core import clock
from marketplace.orders import operations as orders
from tests.factories import goods, trade, world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW, MANY = 1, 50
MOST_ORDERS = 8  # a trade takes its time to make; every list shows all of them on one page

# Who looks, and how many questions that takes (home and search: shop/test_pages). The session with its person, and the frame's numbers, are two.
GUEST = {"/shops/{shop}/": 7, "/basket/": 1}
BUYER = {
    "/basket/": 7,
    "/checkout/{checkout}/": 8,
    "/orders/": 6,
    "/orders/{order}/": 6,
    "/you/": 5,
    "/you/notifications/": 4,
    "/you/addresses/": 3,
    "/you/tokens/": 4,
    "/you/sessions/": 6,
    "/you/profile/": 2,
    "/api/v1/cart/": 7,
    "/api/v1/checkouts/{checkout}/": 7,
    "/api/v1/orders/": 3,
    "/api/v1/orders/{order}/": 5,
    "/api/v1/notifications/": 2,
    "/api/v1/addresses/": 2,
    "/api/v1/tokens/": 2,
    "/api/v1/me/": 1,
}
SELLER = {"/sell/": 8, "/sell/{shop}/orders/": 8, "/sell/{shop}/orders/{order}/": 7, "/sell/{shop}/payouts/": 6, "/api/v1/sales/{order}/": 6}
STAFF = {
    "/desk/orders/": 5,
    "/desk/orders/{order}/": 8,
    "/desk/holds/": 6,
    "/desk/issues/": 6,
    "/desk/ledger/": 7,
    "/desk/ledger/transfers/": 7,
    "/desk/ledger/exceptions/": 3,
    "/api/v1/desk/issues/": 2,
}


@dataclass
class Market:
    """One buyer, one seller and a desk, with so many of everything between them."""

    people: dict[str, User]
    names: dict[str, str]


def market(many: int) -> Market:
    at = clock.now()
    buyer, seller = goods.person("buyer@example.com"), goods.person("seller@example.com")
    vendor = goods.shop(seller)
    trade.method(vendor)
    lamp = goods.published(vendor, on_hand=500)
    bought = [trade.paid_order(lamp, user=buyer) for _ in range(min(many, MOST_ORDERS))]
    for order in bought:
        orders.report_issue(order=order, reason="not_received", words="Where?", actor=trade.buyer_of(order), at=at)
    for number in range(min(many, 15)):
        addresses.add(user=buyer, data=addresses.address_data(**{**trade.LYON, "street": f"{number} rue"}), at=at)
        tokens.issue(user=buyer, name=f"Robot {number}", scopes=["read"], expires_at=at + timedelta(days=9), at=at)
    shops = [vendor, *[goods.shop() for _ in range(min(many - 1, 4))]]
    basket = trade.basket(*[goods.published(shops[number % len(shops)], on_hand=9) for number in range(many)], user=buyer)
    names = {"shop": vendor.slug, "order": bought[0].reference, "checkout": trade.draft_checkout(basket).reference}
    return Market({"buyer": buyer, "seller": seller, "staff": world.staff()}, names)


def questions(client: Client, address: str) -> int:
    client.get(address)  # what is kept for a minute is there now
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return len(asked)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_every_page_asks_as_often_for_one_thing_as_for_many(many: int) -> None:
    found = market(many)
    told: dict[str, dict[str, int]] = {}
    for who, pages in {"guest": GUEST, "buyer": BUYER, "seller": SELLER, "staff": STAFF}.items():
        client = Client()
        if who in found.people:
            client.force_login(found.people[who])
        told[who] = {page: questions(client, page.format(**found.names)) for page in pages}
    assert told == {"guest": GUEST, "buyer": BUYER, "seller": SELLER, "staff": STAFF}
