"""Everything for sale, page after page: nothing twice, nothing left out, nothing that cannot be bought."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from core import clock
from marketplace.catalog.listings.models import Listing
from tests.factories.goods import draft, published, shop

pytestmark = pytest.mark.django_db


def test_the_list_goes_on_to_the_last_and_back_again() -> None:
    vendor = shop()
    lamps = [published(vendor, title=f"Lamp {number}") for number in range(5)]
    draft(vendor)
    client, seen = APIClient(), []
    page = client.get("/api/v1/listings/", {"limit": 2}).json()
    assert page["previous"] is None
    while True:
        seen += [card["reference"] for card in page["results"]]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert seen == [lamp.reference for lamp in reversed(lamps)]
    before = client.get(page["previous"]).json()
    assert [card["reference"] for card in before["results"]] == seen[2:4]
    assert client.get(client.get(before["previous"]).json()["next"]).json()["results"] == before["results"]


def test_things_of_one_moment_are_all_in_the_list_once() -> None:
    vendor = shop()
    lamps = {published(vendor).reference for _ in range(5)}
    Listing.objects.update(published_at=clock.now())
    client, seen = APIClient(), []
    address = "/api/v1/listings/?limit=2"
    while address:
        page = client.get(address).json()
        seen += [card["reference"] for card in page["results"]]
        address = page["next"]
    assert len(seen) == 5
    assert set(seen) == lamps


def test_the_list_of_one_shop_and_of_no_shop() -> None:
    mine = published(shop())
    published(shop())
    client = APIClient()
    found = client.get("/api/v1/listings/", {"shop": mine.vendor.slug}).json()["results"]
    assert [card["reference"] for card in found] == [mine.reference]
    assert client.get("/api/v1/listings/", {"shop": "nobody"}).status_code == 400


def test_what_is_sold_leaves_the_list_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    vendor = shop()
    for _ in range(20):
        published(vendor)
    client = APIClient()
    with django_assert_num_queries(3):
        assert len(client.get("/api/v1/listings/").json()["results"]) == 20
    Listing.objects.filter(vendor=vendor).update(state="sold_out")
    assert client.get("/api/v1/listings/").json()["results"] == []
