import pytest
from django.test import Client

from core import jobs
from escrow.payments.models import Payment
from tests.factories.escrow import request_payment
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mine() -> tuple[Client, str]:
    """A signed-in buyer and the address of a payment of theirs."""
    user, client = make_user(), Client()
    client.force_login(user)
    payment = request_payment(amount_minor=30690)
    Payment.objects.filter(pk=payment.pk).update(buyer=user.party.key)
    return client, f"/api/v1/payments/{payment.reference}/"


def test_buyer_starts_pays_and_sees_the_money(mine: tuple[Client, str]) -> None:
    client, address = mine
    started = client.post(address + "start/").json()
    assert (started["state"], started["amount_minor"], started["currency"]) == ("started", 30690, "EUR")
    bank = f"/api/v1/sandbox_bank/{started['hosted_url'].split('/')[-2]}/payment/"
    assert client.post(bank, {"outcome": "decline"}, content_type="application/json").json()["status"] == "open"
    assert client.post(bank, {}, content_type="application/json").json()["status"] == "paid"
    assert client.post(address + "refreshment/").json()["state"] == "succeeded"
    assert client.get("/api/v1/payments/").json()["results"][0]["state"] == "succeeded"
    assert client.post(address + "cancellation/").json()["state"] == "succeeded"


def test_buyer_gives_up_before_paying(mine: tuple[Client, str]) -> None:
    client, address = mine
    assert client.post(address + "cancellation/").json()["state"] == "cancelled"
    answer = client.post(address + "start/")
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")
    jobs.run_due()


def test_another_persons_payment_is_not_there(mine: tuple[Client, str]) -> None:
    stranger = Client()
    stranger.force_login(make_user())
    _client, address = mine
    for verb, path in (("get", ""), ("post", "start/"), ("post", "refreshment/"), ("post", "cancellation/")):
        assert getattr(stranger, verb)(address + path).status_code == 404
    assert stranger.get("/api/v1/payments/").json()["results"] == []
    assert Client().get(address).status_code == 401


@pytest.mark.parametrize("body", ['{"outcome": "steal"}', '{"method": 7}', "[]", "{", '"pay"'])
def test_bank_refuses_nonsense(mine: tuple[Client, str], body: str) -> None:
    client, address = mine
    ref = client.post(address + "start/").json()["hosted_url"].split("/")[-2]
    assert client.post(f"/api/v1/sandbox_bank/{ref}/payment/", body, content_type="application/json").status_code in (400, 422)
    assert client.post("/api/v1/sandbox_bank/pay_000000000000/payment/", {}, content_type="application/json").status_code == 404
