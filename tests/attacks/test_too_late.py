"""Whatever is over stays over: every action of buyer and seller on an order, checkout or basket that has ended is refused, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from core import clock
from escrow.holds.models import Hold
from escrow.ledger.models import Transfer
from escrow.payments.models import Payment, Refund
from marketplace.cart import operations as carts
from marketplace.cart.models import CartLine
from marketplace.checkout import operations as checkouts
from marketplace.checkout.models import Checkout
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from tests.factories import goods, trade

pytestmark = pytest.mark.django_db(transaction=True)


def confirmed() -> Order:
    order = trade.delivered_order()
    return orders.confirm_receipt(order=order, actor=trade.buyer_of(order), at=clock.now())


def cancelled() -> Order:
    order = trade.paid_order()
    return orders.cancel_by_buyer(order=order, reason="Changed my mind", actor=trade.buyer_of(order), at=clock.now())


def called_off() -> Order:
    """Never paid."""
    checkout = trade.place(trade.basket(trade.goods(), user=goods.person()))
    checkouts.abandon(checkout=checkout, actor=trade.actor_of(checkout.cart), at=clock.now())
    return trade.orders_of(checkout)[0]


ENDS: dict[str, Callable[[], Order]] = {"confirmed": confirmed, "cancelled": cancelled, "called off": called_off}
BUYER: dict[str, dict[str, Any]] = {
    "cancellation": {"reason": "Again"},
    "cancellation_withdrawal": {},
    "code": {},
    "issue": {"reason": "damaged", "words": "It broke on the way."},
    "issue_withdrawal": {},
    "more_time": {},
    "receipt": {},
}
SELLER: dict[str, dict[str, Any]] = {
    "cancellation": {"reason": "Sold elsewhere", "restock": True},
    "cancellation_agreement": {},
    "hand_over": {"code": "ABC123"},
    "packing": {},
    "partial_cancellation": {"lines": [{"line": "XXXXXXXXXXXX", "quantity": 1}], "reason": "Torn", "restock": True},
    "readiness": {},
    "refund": {"amount_minor": 100, "reason": "A scratch"},
    "shipment": {"carrier": "sandbox", "tracking_number": ""},
}


def client_of(user: User | None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


def everything() -> tuple[object, ...]:
    """All that an order moves, to compare before and after."""
    return (
        list(Order.objects.order_by("pk").values_list("state", "hold__state")),
        list(Hold.objects.order_by("pk").values_list("released_minor", "refunded_minor", "steps")),
        (Transfer.objects.count(), Refund.objects.count()),
    )


@pytest.mark.parametrize("end", ENDS)
def test_nothing_moves_an_order_that_is_over(end: str) -> None:
    order = ENDS[end]()
    seller, before = client_of(trade.seller_of(order)[0]), everything()
    buyer = client_of(order.user)
    tried = [(buyer, "orders", name, body) for name, body in BUYER.items()] + [(seller, "sales", name, body) for name, body in SELLER.items()]
    for client, side, name, body in tried:
        if (end, name) == ("confirmed", "refund"):
            continue  # a paid seller may still give back
        answer = client.post(f"/api/v1/{side}/{order.reference}/{name}/", body, format="json")
        assert everything() == before, (side, name)
        if (end, name, answer.status_code) == ("confirmed", "receipt", 200):
            continue  # pressed twice: it is confirmed, which is what was asked
        assert 400 <= answer.status_code < 500, (side, name, answer.status_code, answer.content)
        assert answer["Content-Type"].startswith("application/problem+json"), (side, name)
        assert len(answer.json()["detail"]) > 10, (side, name)


def test_nothing_moves_a_checkout_that_is_over() -> None:
    user = goods.person()
    cart = trade.basket(trade.goods(), user=user)
    paid = trade.pay(trade.place(cart))
    assert paid.payment is not None
    client, before = client_of(user), everything()
    checkout, payment = f"/api/v1/checkouts/{paid.reference}/", f"/api/v1/payments/{paid.payment.reference}/"
    for method, path, body in [
        ("patch", checkout, {"email": "other@example.com"}),
        ("post", f"{checkout}placement/", {"shown_total_minor": 5190, "address": trade.LYON}),
        ("post", f"{checkout}cancellation/", {}),
        ("post", f"{payment}cancellation/", {}),
    ]:
        answer = getattr(client, method)(path, body, format="json")
        assert answer.status_code < 500, (path, answer.content)
        assert everything() == before, path
        assert (Order.objects.count(), Payment.objects.get().state) == (1, "succeeded"), path
    page = f"/api/v1/sandbox_bank/{paid.payment.provider_ref}/payment/"
    assert client.post(page, {"method": "card", "outcome": "pay"}, format="json").status_code < 500
    assert everything() == before


def test_a_basket_that_flowed_into_another_takes_nothing() -> None:
    cart, token = carts.open_for_guest(at=clock.now())
    listing = trade.goods()
    line = carts.add(cart=cart, variant=listing.variants.get(), quantity=1, at=clock.now())
    into = carts.open_for(user=goods.person(), at=clock.now())
    carts.merge_guest(guest=cart, into=into, at=clock.now())
    client, headers = client_of(None), {"X-Cart-Token": token}
    kept = list(CartLine.objects.values_list("cart_id", "quantity"))
    for method, path, body in [
        ("patch", f"/api/v1/cart/lines/{line.reference}/", {"quantity": 9}),
        ("delete", f"/api/v1/cart/lines/{line.reference}/", None),
        ("post", "/api/v1/checkouts/", {"currency": "EUR"}),
    ]:
        answer = getattr(client, method)(path, body, format="json", headers=headers)
        assert answer.status_code in {404, 409, 410}, (method, path, answer.status_code, answer.content)
        assert answer["Content-Type"].startswith("application/problem+json")
    assert list(CartLine.objects.values_list("cart_id", "quantity")) == kept
    assert not Checkout.objects.exists()
    anew = client.post("/api/v1/cart/lines/", {"variant": listing.variants.get().reference}, format="json", headers=headers).json()
    assert anew["token"] != token  # the old key opens nothing any more: a new basket
    assert not cart.lines.exists()
