"""A listing offers parts, a basket is bought in them, and each is paid, extended, handed over and confirmed by the API alone."""

import pytest
from rest_framework.test import APIClient

from core import clock
from escrow.payments import sandbox_bank
from escrow.payments.models import Payment
from marketplace.orders.models import Order
from tests.api.test_trade import API, client_of, post, variant
from tests.factories.goods import person
from tests.factories.trade import LYON, goods, planned_order, seller_of

pytestmark = pytest.mark.django_db(transaction=True)
TERMS = {"kind": "deposit", "percent": 30, "days": 14, "ships": "paid", "late": "forfeit", "grace_days": 5}


def offer(client: APIClient, listing, terms: dict):
    return client.patch(
        f"{API}/my_listings/{listing.reference}/", {"payment_terms": terms}, format="json", headers={"If-Match": f'"{listing.version}"'}
    )


def read(client: APIClient, order: Order, side: str = "orders") -> dict:
    return client.get(f"{API}/{side}/{order.reference}/").json()


def pay_at_the_bank(reference: str) -> None:
    sandbox_bank.pay(Payment.objects.get(reference=reference).provider_ref, method="card", at=clock.now(), manner="drop")


def test_deposit_is_offered_chosen_and_paid_and_the_balance_follows() -> None:
    listing, buyer = goods(price_minor=100_000), person()
    seller = listing.vendor.members.get().user
    wrong = offer(client_of(seller), listing, {**TERMS, "percent": 99})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "payment_terms.percent"), wrong.json()
    kept = offer(client_of(seller), listing, TERMS)
    assert kept.json()["payment_terms"] == TERMS, kept.json()
    client = client_of(buyer)
    post(client, "/cart/lines/", {"variant": variant(listing), "quantity": 1})
    begun = post(client, "/checkouts/", {"currency": "EUR"}).json()
    path, shop = f"/checkouts/{begun['reference']}/", begun["sellers"][0]["vendor"]
    assert [due["title"] for due in begun["sellers"][0]["schedule"]] == ["Deposit", "Balance"]
    chosen = client.patch(f"{API}{path}", {"address": LYON, "plans": [shop]}, format="json").json()
    assert (chosen["total_minor"], chosen["due_now_minor"], chosen["sellers"][0]["in_parts"]) == (100_690, 30_207, True)
    placed = post(client, f"{path}placement/", {"shown_total_minor": 100_690}).json()
    pay_at_the_bank(placed["payment"]["reference"])
    post(client, f"{path}refreshment/")
    order = Order.objects.get()
    said = read(client, order)
    assert (said["state"], said["held_minor"], said["next_step"]["next_action"]) == ("paid", 30_207, "pay")
    balance = said["plan"]["parts"][1]
    assert (balance["actions"], balance["amount_minor"], bool(balance["what_happens_if_silent"])) == (["pay"], 70_483, True)
    sale = read(client_of(seller), order, "sales")
    assert sale["plan"]["parts"][1]["actions"] == ["extend"]
    later = post(client_of(seller), f"/sales/{order.reference}/part_extension/", {"part": balance["reference"], "days": 5})
    assert later.json()["plan"]["parts"][1]["due_at"] > balance["due_at"]
    early = post(client_of(seller), f"/sales/{order.reference}/shipment/")
    assert (early.status_code, early.json()["code"]) == (409, "balance_due")
    paying = [post(client, f"/orders/{order.reference}/part_payment/", {"part": balance["reference"]}) for _twice in range(2)]
    assert paying[0].json() == paying[1].json()
    assert "/pay/sandbox/" in paying[0].json()["hosted_url"]
    pay_at_the_bank(paying[0].json()["payment"])
    paid = post(client, f"/orders/{order.reference}/part_refreshment/", {"part": balance["reference"]}).json()
    assert (paid["plan"]["state"], paid["held_minor"]) == ("paid", 100_690)
    assert post(client_of(seller), f"/sales/{order.reference}/shipment/").status_code == 200


def test_milestone_is_handed_over_and_confirmed() -> None:
    order = planned_order(kind="milestones", days=10, steps=[{"name": "Design", "percent": 40}, {"name": "Built", "percent": 60}])
    buyer, seller = client_of(order.user), client_of(seller_of(order)[0])
    part = read(buyer, order)["plan"]["parts"][0]["reference"]
    assert post(seller, f"/sales/{order.reference}/part_hand_over/", {"part": part}).status_code == 200
    assert "confirm" in post(buyer, f"/orders/{order.reference}/part_arrival/", {"part": part}).json()["plan"]["parts"][0]["actions"]
    assert post(buyer, f"/orders/{order.reference}/part_receipt/", {"part": part}).json()["plan"]["parts"][0]["state"] == "released"
    assert post(buyer, f"/orders/{order.reference}/part_receipt/", {"part": "NOSUCHPART00"}).status_code in (400, 404, 422)
