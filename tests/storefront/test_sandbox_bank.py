from datetime import timedelta

import pytest
from django.test import Client

from core import clock, jobs
from core.money import Money
from core.references import new
from escrow.models import Payment
from escrow.payments import sandbox_bank
from escrow.providers import registry
from escrow.providers.sandbox import charges, disputes, switches
from escrow.providers.sandbox.models import SandboxPayment
from tests.factories.escrow import start_payment

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address() -> str:
    return start_payment(amount_minor=30690).hosted_url


def test_page_shows_the_demand_and_the_ways(client: Client, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    for words in ("€306.90", "Three parcels", "Alipay", "never told", "no real money"):
        assert words in page.content.decode()


def test_paying_goes_back_to_the_shop(client: Client, address: str) -> None:
    answer = client.post(address, {"method": "alipay", "outcome": "pay"})
    assert (answer.status_code, answer["Location"]) == (302, "/checkout/back/")
    assert SandboxPayment.objects.get().method == "alipay"
    again = client.post(address, {"method": "card", "outcome": "pay"})
    assert again.status_code == 302
    assert SandboxPayment.objects.get().method == "alipay"
    assert "This payment is done" in client.get(address).content.decode()


def test_a_declined_try_stays_here_and_may_be_repeated(client: Client, address: str) -> None:
    page = client.post(address, {"method": "card", "outcome": "decline"})
    assert (page.status_code, SandboxPayment.objects.get().status) == (200, "open")
    assert "The bank said no" in page.content.decode()
    client.post(address, {"method": "card", "outcome": "pay"})
    assert SandboxPayment.objects.get().status == "paid"


def test_a_bank_that_breaks_after_taking_the_money_says_so_and_takes_it_once(client: Client, address: str) -> None:
    page = client.post(address, {"method": "card", "outcome": "error_after_success"})
    assert page.status_code == 503
    assert "its answer got lost" in page.content.decode()
    assert SandboxPayment.objects.get().status == "paid"
    assert client.post(address, {"method": "card", "outcome": "error_after_success"}).status_code == 302


def test_every_outcome_can_be_chosen_on_the_page(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert [code for code in sandbox_bank.OUTCOMES if f'value="{code}"' not in page] == []


def test_money_that_comes_too_late_goes_back(client: Client, address: str) -> None:
    switches.configure(delay_seconds=1)
    answer = client.post(address, {"method": "card", "outcome": "late"})
    assert (answer.status_code, SandboxPayment.objects.get().status) == (302, "closed")
    jobs.run_due()
    assert Payment.objects.get().state == "expired"
    later = clock.now() + timedelta(seconds=2)
    assert charges.take_due(later) == 1
    jobs.run_due()
    payment = Payment.objects.get()
    assert (payment.late, SandboxPayment.objects.get().refunded_minor) == (True, payment.amount_minor)
    assert charges.take_due(later) == 0


def test_refunds_can_be_slow_by_choice(client: Client, address: str) -> None:
    client.post(address, {"method": "card", "outcome": "refund_delay"})
    row = SandboxPayment.objects.get()
    sent = registry.get("sandbox").refund(key="back", payment_ref=row.ref, amount=Money(100, row.currency), metadata={})
    assert sent.status == "pending"


def test_bank_may_ask_once_more_who_pays(client: Client, address: str) -> None:
    page = client.post(address, {"method": "card", "outcome": "challenge"})
    assert "is it really you" in page.content.decode()
    assert "is it really you" in client.get(address).content.decode()
    page = client.post(address, {"method": "card", "outcome": "fail_identity"})
    assert "The bank said no" in page.content.decode()
    client.post(address, {"method": "card", "outcome": "challenge"})
    assert client.post(address, {"method": "card", "outcome": "confirm_identity"}).status_code == 302
    assert SandboxPayment.objects.get().status == "paid"


def test_payer_who_regrets_is_heard_by_the_bank_and_the_page_plays_the_bank(client: Client, address: str) -> None:
    assert client.post(address, {"method": "card", "outcome": "dispute_lost"}).status_code == 404
    client.post(address, {"method": "card", "outcome": "dispute"})
    assert disputes.open_due(clock.now()) == 0
    assert disputes.open_due(clock.now() + timedelta(minutes=3)) == 1
    assert "has not decided" in client.get(address).content.decode()
    for outcome, words in (("dispute_lost", "decided for the payer"), ("dispute_won", "decided for the shop")):
        assert words in client.post(address, {"method": "card", "outcome": outcome}).content.decode()


def test_leaving_pays_nothing(client: Client, address: str) -> None:
    assert client.post(address, {"leave": "1"})["Location"] == "/checkout/back/"
    assert SandboxPayment.objects.get().status == "open"


@pytest.mark.parametrize("body", [{}, {"method": "gold", "outcome": "pay"}, {"method": "card", "outcome": "' OR 1=1"}])
def test_nonsense_is_marked_and_pays_nothing(client: Client, address: str, body: dict[str, str]) -> None:
    assert client.post(address, body).status_code == 422
    assert SandboxPayment.objects.get().status == "open"


def test_foreign_return_address_is_not_followed(client: Client, address: str) -> None:
    SandboxPayment.objects.update(return_url="https://evil.example/steal")
    assert client.post(address, {"leave": "1"})["Location"] == "/"


def test_unknown_payment_is_not_there(client: Client) -> None:
    assert client.get(f"/pay/sandbox/pay_{new()}/").status_code == 404
    jobs.run_due()


def test_bank_is_closed_where_real_money_is_taken(client: Client, address: str, settings) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    settings.SOUK = replace(settings.SOUK, allow_sandbox=False)
    assert client.get(address).status_code == 404
