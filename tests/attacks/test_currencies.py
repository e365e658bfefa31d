"""A currency that is no currency, or not this one: a clear 4xx, and nothing written."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from marketplace.checkout.models import Checkout
from marketplace.importing.models import Import
from tests.factories import goods, trade
from vendors.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)
NOT_ONE = ["", "EURO", "€", "XXX", "PTS", "eu", 978, None, ["EUR"], {"code": "EUR"}, "E\u0000R", "EUR; DROP", "ЕUR"]  # the last Е is Cyrillic


@pytest.fixture
def client() -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(goods.person())
    return client


def refused(answer) -> None:
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "currency" in str(answer.json()) or answer.json()["code"] == "parse_error"


@pytest.mark.parametrize("currency", [*NOT_ONE, "USD"])
def test_checkout_in_a_currency_that_the_basket_has_not(client: APIClient, currency: object) -> None:
    client.post("/api/v1/cart/lines/", {"variant": trade.goods().variants.get().reference}, format="json")
    answer = client.post("/api/v1/checkouts/", {"currency": currency}, format="json")
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Checkout.objects.exists()


@pytest.mark.parametrize("currency", NOT_ONE)
def test_shop_in_no_currency(client: APIClient, currency: object) -> None:
    refused(client.post("/api/v1/vendors/", {"kind": "individual", "name": "Mine", "country": "FR", "currency": currency}, format="json"))
    assert not Vendor.objects.exists()


@pytest.mark.parametrize("currency", ["", "EURO", "XXX", "USD"])
def test_table_in_another_currency_than_the_shop(currency: str) -> None:
    owner = goods.person()
    vendor, client = goods.shop(owner), APIClient(raise_request_exception=False)
    client.force_authenticate(owner)
    file = SimpleUploadedFile("table.csv", b"sku,title,price\nA-1,Lamp,10.00\n", "text/csv")
    sent = {"vendor": vendor.slug, "file": file, "currency": currency, "stock": 1}
    answer = client.post("/api/v1/imports/", sent, format="multipart")
    if currency:
        refused(answer)
        assert not Import.objects.exists()
    else:  # not said: the shop's own
        assert answer.status_code < 500


@pytest.mark.parametrize("currency", [*[value for value in NOT_ONE if isinstance(value, str) and value], "USD"])
@pytest.mark.parametrize("path", ["/api/v1/search/", "/search/"])
def test_search_in_no_currency_finds_or_refuses_and_never_breaks(client: APIClient, path: str, currency: str) -> None:
    assert client.get(path, {"q": "lamp", "currency": currency, "price_min": "1", "price_max": "999999999999999999"}).status_code < 500


def test_money_never_changes_currency_on_the_way(client: APIClient) -> None:
    """A dollar shop and a euro shop in one basket: two groups, and each checkout has its own alone."""
    dollars = goods.shop(currency="USD")
    trade.method(dollars)
    for listing in (trade.goods(), goods.published(dollars)):
        client.post("/api/v1/cart/lines/", {"variant": listing.variants.get().reference}, format="json")
    for currency in ("EUR", "USD"):
        begun = client.post("/api/v1/checkouts/", {"currency": currency}, format="json").json()
        assert begun["currency"] == currency
        assert len(begun["sellers"]) == 1
