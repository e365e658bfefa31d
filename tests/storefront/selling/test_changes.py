"""Many listings at once, by the test client: no script, like a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from marketplace.assortment.models import BulkChange
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.stock import operations as stock
from tests.factories import goods
from tests.factories.goods import SELLER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    goods.tree()


@pytest.fixture
def vendor(client):
    owner = goods.person()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return goods.shop(owner)


@pytest.fixture
def lamps(vendor):
    return [goods.published(vendor, title=f"Lamp number {n}", price_minor=1000 * (n + 1), on_hand=n + 1) for n in range(3)]


def hidden(html: str) -> dict[str, list[str]]:
    """The hidden fields of the form that applies."""
    form = html.split('/changes/"', 1)[1]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def test_prices_are_shown_before_they_are_changed_and_change_once(client, vendor, lamps):
    here = f"/sell/{vendor.slug}/listings/"
    asked = client.get(f"{here}changes/new/", {"which": "ticked", "pick": [lamp.reference for lamp in lamps[:2]], "do": "price"})
    assert "For 2 listings" in asked.content.decode()
    shown = client.get(
        f"{here}changes/new/",
        {"which": "ticked", "pick": [x.reference for x in lamps[:2]], "do": "price", "kind": "percent", "value": "−10", "ending": "99"},
    ).content.decode()
    assert "€8.99" in shown
    assert "€17.99" in shown
    assert Listing.objects.get(pk=lamps[0].pk).variants.get().price.price_minor == 1000
    sent = hidden(shown)
    answer = client.post(f"{here}changes/", sent)
    again = client.post(f"{here}changes/", sent)
    assert (answer.status_code, answer["Location"]) == (302, again["Location"])
    assert [lamp.variants.get().price.price_minor for lamp in lamps] == [899, 1799, 3000]
    assert "<b>2</b>" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"do": "price", "kind": "percent", "value": "lots"}, "Write an amount or a percentage"),
        ({"do": "price", "kind": "percent", "value": "-100"}, "A percentage lies between"),
        ({"do": "price", "kind": "set", "value": "0"}, "Write a price above zero"),
        ({"do": "price", "kind": "amount", "value": "0"}, "This would change nothing"),
        ({"do": "stock", "kind": "add", "quantity": "x"}, "Enter a whole number"),
        ({"do": "category", "slug": "spaceships"}, "Select a valid choice"),
    ],
)
def test_wrong_answers_are_marked_and_nothing_changes(client, vendor, lamps, answers, words):
    answer = client.get(f"/sell/{vendor.slug}/listings/changes/new/", {"which": "page", "here": lamps[0].reference, "ending": "exact", **answers})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    refused = client.post(f"/sell/{vendor.slug}/listings/changes/", {"which": "page", "here": lamps[0].reference, "ending": "exact", **answers})
    assert refused.status_code == 422
    assert not BulkChange.objects.exists()


def test_all_that_match_carries_on_in_the_background(client, vendor, lamps, monkeypatch):
    monkeypatch.setattr("marketplace.assortment.operations.AT_A_TIME", 2)
    answer = client.post(f"/sell/{vendor.slug}/listings/changes/", {"which": "matching", "q": "lamp", "do": "pause"})
    assert "2 of 3 done" in client.get(answer["Location"]).content.decode()
    jobs.run_due()
    assert set(Listing.objects.values_list("state", flat=True)) == {"paused"}


def test_failures_are_named(client, vendor, lamps):
    draft = goods.draft(vendor, title="Half a lamp")
    answer = client.post(
        f"/sell/{vendor.slug}/listings/changes/", {"which": "ticked", "pick": [draft.reference, lamps[0].reference], "do": "publish"}
    )
    text = client.get(answer["Location"]).content.decode()
    assert "Half a lamp" in text
    assert "Set a price" in text


def test_choosing_nothing_or_strangers_goods_changes_nothing(client, vendor, lamps):
    stranger = goods.published(goods.shop())
    for pick in ([], [stranger.reference], ["\x00"]):
        assert client.get(f"/sell/{vendor.slug}/listings/changes/new/", {"pick": pick, "do": "pause"}).status_code == 302
        client.post(f"/sell/{vendor.slug}/listings/changes/", {"pick": pick, "do": "remove"})
    assert not BulkChange.objects.exists()
    assert client.get(f"/sell/{vendor.slug}/listings/changes/new/", {"do": "explode"}).status_code == 404


def test_a_change_of_another_shop_is_not_there(client, vendor, lamps):
    change = client.post(f"/sell/{vendor.slug}/listings/changes/", {"which": "page", "here": lamps[0].reference, "do": "pause"})["Location"]
    client.force_login(goods.person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(change).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["?state=paused", "?q=number+2", "?category=lighting&sort=dear", "?low=1", "?sort=stock&page=99", "?state=x&q=%00&sort=y&page=z&category=%27"],
)
def test_the_list_takes_any_address(client, vendor, lamps, address):
    assert client.get(f"/sell/{vendor.slug}/listings/{address}").status_code == 200


def test_stock_page_tells_its_history_and_its_line(client, vendor, lamps):
    lamp, here = lamps[2], f"/sell/{vendor.slug}/listings/{lamps[2].reference}/stock/"
    assert client.post(here, {"form": "count", "on_hand": "9", "on_hand_seen": "3", "reason": "New delivery"}).status_code == 302
    stock.reserve(lines=[(lamp.variants.get().pk, 2)], trade="TRADE", until=goods.NOON, at=goods.NOON, actor=SELLER)
    stock.commit_sale(trade="TRADE", at=goods.NOON)
    text = client.get(here).content.decode()
    for words in ("New delivery", "3 → <strong>9</strong>", "9 → <strong>7</strong>", "Sold", "Buyer"):
        assert words in text
    assert client.post(here, {"form": "count", "on_hand": "5", "on_hand_seen": "3"}).status_code == 422
    assert client.post(here, {"form": "line", "threshold": "8"}).status_code == 302
    assert "Low" in client.get(f"/sell/{vendor.slug}/listings/?low=1").content.decode()
    assert client.post(here, {"form": "line", "threshold": "-1"}).status_code == 422
    assert client.post(f"/sell/{vendor.slug}/listings/low-stock/", {"threshold": "3"}).status_code == 302


def test_duplicate_opens_the_copy(client, vendor, lamps):
    answer = client.post(f"/sell/{vendor.slug}/listings/{lamps[0].reference}/copy/")
    assert answer.status_code == 302
    assert "Lamp number 0" in client.get(answer["Location"]).content.decode()
    assert Listing.objects.filter(vendor=vendor, state="draft").count() == 1


@pytest.mark.parametrize("things", [1, 50])
def test_the_list_asks_no_more_of_the_database_with_fifty_things_than_with_one(client, vendor, things):
    for number in range(things):
        goods.published(vendor, title=f"Lamp {number}")
    here = f"/sell/{vendor.slug}/listings/"
    client.get(here)
    with CaptureQueriesContext(connection) as asked:
        client.get(here)
    assert len(asked) <= 8, "\n".join(query["sql"][:150] for query in asked)
