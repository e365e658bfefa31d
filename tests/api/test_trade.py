"""Buying and selling through the API alone, and everything that it refuses."""

import json
import threading

import pytest
from django.db import connection
from rest_framework.test import APIClient

from api.v1.sandbox_bank import SandboxPageSerializer
from api.v1.sandbox_bank import shown as bank_page
from core import clock
from core.money import Money
from escrow.payments import sandbox_bank
from marketplace.checkout.models import Checkout
from marketplace.orders.models import Order
from tests.factories.goods import person
from tests.factories.trade import LYON, delivered_order, goods, paid_order, pickup_order, seller_of

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"


def client_of(user=None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def variant(listing) -> str:
    return listing.variants.get().reference


def post(client: APIClient, path: str, body: object = None, **headers: str):
    return client.post(f"{API}{path}", body if body is not None else {}, format="json", headers=headers)


def test_a_guest_buys_from_two_sellers_by_the_api_alone() -> None:
    client = client_of()
    first = post(client, "/cart/lines/", {"variant": variant(goods()), "quantity": 1})
    assert first.status_code == 201
    mine = {"X-Cart-Token": first.json()["token"]}
    assert "token" not in post(client, "/cart/lines/", {"variant": variant(goods())}, **mine).json()
    begun = post(client, "/checkouts/", {"currency": "EUR"}, **mine).json()
    assert [seller["delivery_minor"] for seller in begun["sellers"]] == [690, 690]
    path = f"/checkouts/{begun['reference']}/"
    kept = client.patch(f"{API}{path}", {"email": "amina@example.com", "address": LYON}, format="json", headers=mine).json()
    assert (kept["total_minor"], kept["address"]["city"]) == (10380, "Lyon")
    placed = post(client, f"{path}placement/", {"shown_total_minor": 10380}, **mine)
    assert placed.status_code == 201, placed.json()
    assert "/pay/sandbox/" in placed.json()["payment"]["hosted_url"]
    sandbox_bank.pay(Checkout.objects.get().payment.provider_ref, method="alipay", at=clock.now(), manner="drop")
    paid = post(client, f"{path}refreshment/", **mine).json()
    assert paid["state"] == "paid"
    for order in paid["orders"]:
        assert client.get(f"{API}/orders/{order['reference']}/").status_code == 404
        seen = client.get(f"{API}/orders/{order['reference']}/", headers={"X-Order-Token": order["token"]}).json()
        assert seen["next_step"]["who"] == "seller"
        assert seen["held_minor"] == seen["total_minor"]


def test_the_same_key_twenty_times_makes_one_order() -> None:
    user = person()
    client = client_of(user)
    post(client, "/cart/lines/", {"variant": variant(goods())})
    reference = post(client, "/checkouts/", {"currency": "EUR"}).json()["reference"]
    answers: list[tuple[int, str]] = []

    def press() -> None:
        try:
            body = {"shown_total_minor": 5190, "address": LYON}
            response = post(client_of(user), f"/checkouts/{reference}/placement/", body, **{"Idempotency-Key": "one-wish"})
            answers.append((response.status_code, json.dumps(response.json().get("orders"), sort_keys=True)))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 201
    assert Order.objects.count() == 1
    other = post(client, f"/checkouts/{reference}/placement/", {"shown_total_minor": 1}, **{"Idempotency-Key": "one-wish"})
    assert other.status_code == 422


def test_the_cart_minds_if_match() -> None:
    client = client_of(person())
    cart = post(client, "/cart/lines/", {"variant": variant(goods(on_hand=9))}).json()
    line = cart["currencies"][0]["sellers"][0]["lines"][0]["reference"]
    path = f"{API}/cart/lines/{line}/"
    changed = client.patch(path, {"quantity": 3}, format="json", headers={"If-Match": f'"{cart["version"]}"'})
    assert changed.json()["currencies"][0]["goods_minor"] == 13500
    stale = client.patch(path, {"quantity": 4}, format="json", headers={"If-Match": f'"{cart["version"]}"'})
    assert stale.status_code == 412
    assert client.patch(path, {"chosen": False}, format="json").json()["currencies"][0]["goods_minor"] == 0
    assert client_of(person()).delete(path).status_code == 404
    assert client.delete(path).json()["currencies"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"variant": "x"},
        {"variant": 7, "quantity": -1},
        {"quantity": 10**30},
        {"variant": None},
        {"variant": "A" * 500},
        [],
        "x",
        {"quantity": True},
    ],
)
def test_the_cart_refuses_bad_input_as_a_problem(body: object) -> None:
    response = post(client_of(), "/cart/lines/", body)
    assert 400 <= response.status_code < 500
    assert response["Content-Type"].startswith("application/problem+json")
    assert response.json()["code"]


def test_checkouts_refuse_bad_input_as_a_problem() -> None:
    client = client_of(person())
    assert post(client, "/checkouts/", {"currency": "EUR"}).status_code == 409
    post(client, "/cart/lines/", {"variant": variant(goods())})
    assert post(client, "/checkouts/", {"currency": "USD"}).status_code == 409
    path = f"/checkouts/{post(client, '/checkouts/', {'currency': 'EUR'}).json()['reference']}/placement/"
    wrongs = [{}, {"shown_total_minor": -1}, {"shown_total_minor": "x"}, {"shown_total_minor": 10**20}, {"shown_total_minor": 5190, "address": 5}]
    wrongs += [{"shown_total_minor": 5190, "address": {**LYON, "country": "XX"}}, {"shown_total_minor": 5190, "choices": {"a": ["b"]}}]
    wrongs += [{"shown_total_minor": 5190, "address": {**LYON, "city": "\x00"}}, {"shown_total_minor": 5190, "email": "nobody"}]
    for wrong in wrongs:
        response = post(client, path, wrong)
        assert response.status_code in (400, 422), (wrong, response.json())
        assert response["Content-Type"].startswith("application/problem+json")
    changed = post(client, path, {"shown_total_minor": 1, "address": LYON})
    assert (changed.status_code, changed.json()["code"]) == (409, "price_changed")
    assert not Order.objects.exists()


def test_the_buyer_confirms_and_the_seller_reads_it() -> None:
    order = delivered_order()
    buyer, seller = client_of(order.user), client_of(seller_of(order)[0])
    assert buyer.get(f"{API}/orders/").json()["results"][0]["number"] == order.number
    assert post(buyer, f"/orders/{order.reference}/issue/", {"reason": "nonsense", "words": "x"}).status_code == 400
    done = post(buyer, f"/orders/{order.reference}/receipt/", **{"Idempotency-Key": "k"})
    again = post(buyer, f"/orders/{order.reference}/receipt/", **{"Idempotency-Key": "k"})
    assert done.json() == again.json()
    assert seller.get(f"{API}/sales/{order.reference}/").json()["state"] == "completed"
    rows = seller.get(f"{API}/sales/", {"vendor": order.vendor.slug, "which": "ended"}).json()["results"]
    assert [row["reference"] for row in rows] == [order.reference]
    assert all(sum(row[f"{who}_minor"] for who in ("buyer", "held", "seller", "fee")) == 0 for row in done.json()["money"])


def test_the_seller_ships_refunds_and_cancels() -> None:
    order, other = paid_order(), paid_order()
    seller = client_of(seller_of(order)[0])
    assert post(seller, f"/sales/{order.reference}/refund/", {"amount_minor": 0, "reason": "x"}).status_code == 400
    assert post(seller, f"/sales/{order.reference}/refund/", {"amount_minor": 10**9, "reason": "x"}).status_code == 409
    assert post(seller, f"/sales/{order.reference}/refund/", {"amount_minor": 100, "reason": "x"}).json()["refunded_minor"] == 100
    assert post(seller, f"/sales/{order.reference}/shipment/", {"tracking_number": "?"}).status_code == 400
    assert post(seller, f"/sales/{order.reference}/shipment/").json()["parcel"]["tracking_number"].startswith("SP")
    assert post(seller, f"/sales/{order.reference}/cancellation/", {"reason": "x"}).status_code == 409
    assert post(seller, f"/sales/{other.reference}/cancellation/", {"reason": "x"}).status_code == 404


def test_wrong_codes_are_counted_through_the_api_too() -> None:
    order = pickup_order()
    seller = client_of(seller_of(order)[0])
    code = client_of(order.user).get(f"{API}/orders/{order.reference}/").json()["code"]
    assert seller.get(f"{API}/sales/{order.reference}/").json()["code"] is None
    for _ in range(5):
        assert post(seller, f"/sales/{order.reference}/hand_over/", {"code": "222222"}, **{"Idempotency-Key": "k"}).status_code == 422
    assert post(seller, f"/sales/{order.reference}/hand_over/", {"code": code}).status_code == 409
    renewed = post(client_of(order.user), f"/orders/{order.reference}/code/").json()["code"]
    assert post(seller, f"/sales/{order.reference}/hand_over/", {"code": renewed}).json()["state"] == "delivered"


def test_strangers_find_nothing_at_any_depth() -> None:
    order = paid_order()
    stranger = client_of(person())
    for path in (f"/orders/{order.reference}/", f"/sales/{order.reference}/", f"/checkouts/{order.checkout}/", f"/sales/?vendor={order.vendor.slug}"):
        assert stranger.get(f"{API}{path}").status_code == 404, path
    for path in (
        *(f"/orders/{order.reference}/{name}/" for name in ("receipt", "more_time", "issue_withdrawal", "cancellation", "code")),
        *(f"/sales/{order.reference}/{name}/" for name in ("packing", "shipment", "readiness")),
        *(f"/checkouts/{order.checkout}/{name}/" for name in ("refreshment", "cancellation")),
    ):
        assert post(stranger, path).status_code == 404, path
    assert client_of().get(f"{API}/orders/").status_code == 401


def test_delivery_is_edited_by_the_api() -> None:
    order = paid_order()
    owner, slug = client_of(seller_of(order)[0]), order.vendor.slug
    method = {"vendor": slug, "name": "Slow boat", "zones": ["*"], "base_minor": 100, "days_min": 9, "days_max": 30}
    for wrong in ({"zones": []}, {"zones": ["fr"]}, {"base_minor": -1}, {"days_max": 1}, {"carrier": "x"}, {"name": " "}):
        assert post(owner, "/shipping_methods/", {**method, **wrong}).status_code == 400, wrong
    made = post(owner, "/shipping_methods/", method).json()
    path = f"{API}/shipping_methods/{made['reference']}/"
    assert owner.patch(path, {"base_minor": 200}, format="json").json()["base_minor"] == 200
    assert len(owner.get(f"{API}/shipping_methods/", {"vendor": slug}).json()["results"]) == 2
    assert client_of(person()).patch(path, {"base_minor": 1}, format="json").status_code == 404
    assert owner.delete(path).status_code == 204
    place = post(owner, "/pickup_places/", {"vendor": slug, "name": "Shop", "street": "1 rue", "city": "Lyon", "country": "FR"})
    assert place.status_code == 201
    assert post(client_of(person()), "/pickup_places/", {**place.json(), "vendor": slug}).status_code == 404


def test_the_bank_answers_as_its_schema_says() -> None:
    page = sandbox_bank.BankPage("pay_1", Money(1250, "EUR"), "A lamp", clock.now(), "open", "/back/", 1, "card", True, "needs_response")
    assert bank_page(page) == SandboxPageSerializer(page).data
