"""Browsing as a stranger does it, without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Address
from core import clock
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Listing
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from search import queries
from tests.factories import trade
from tests.factories.goods import SELLER, category, draft, offer, published, shop
from tests.factories.people import make_user
from tests.search.backends.test_embedded import NASTIES

pytestmark = pytest.mark.django_db
Indexed = Callable[[], None]
NAMES = ["q", "category", "condition", "a.brand", "a.", "min", "max", "currency", "page", "sort", "hand_over"]


def page(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return str(answer.content.decode())


def titles(html: str) -> list[str]:
    return re.findall(r'class="card__title"[^>]*><a [^>]*>([^<]+)</a>', html)


# ── home ──────────────────────────────────────────────────────────────────────────────────────────


def test_home_shows_what_is_fresh_and_every_branch(client: Client, indexed: Indexed) -> None:
    published(title="Older lamp")
    published(title="Newer lamp")
    indexed()
    html = page(client, "/")
    assert titles(html) == ["Newer lamp", "Older lamp"]
    assert 'href="/c/home/"' in html


def test_home_of_an_empty_market_says_what_to_do(client: Client) -> None:
    assert "Nothing is for sale yet" in page(client, "/")


# ── search ────────────────────────────────────────────────────────────────────────────────────────


def test_search_keeps_the_question_in_the_form_and_counts(client: Client, indexed: Indexed) -> None:
    published(title="Desk lamp")
    published(title="Floor lamp")
    indexed()
    html = page(client, "/search/?q=floor+lamp&condition=very_good")
    assert titles(html) == ["Floor lamp"]
    assert 'value="floor lamp"' in html
    assert re.search(r'name="condition" value="very_good" checked><span>Very good</span><span>1</span>', html)
    assert "/search/?q=floor+lamp" in html  # the chip's address without the filter


def test_pages_are_real_links(client: Client, indexed: Indexed) -> None:
    vendor = shop()
    for number in range(26):
        published(vendor, title=f"Lamp {number:02}", price_minor=100 + number)
    indexed()
    html = page(client, "/search/?q=lamp&sort=price")
    assert len(titles(html)) == 24
    assert 'rel="next" href="/search/?q=lamp&amp;sort=price&amp;page=2"' in html
    assert titles(page(client, "/search/?q=lamp&sort=price&page=2")) == ["Lamp 24", "Lamp 25"]
    assert 'href="/search/?q=lamp">Back to the first page' in page(client, "/search/?q=lamp&page=99")


def test_nothing_found_offers_one_thing_less(client: Client, indexed: Indexed) -> None:
    published(title="Desk lamp")
    indexed()
    html = page(client, "/search/?q=lamp&condition=new")
    assert "Any condition" in html
    assert 'href="/search/?q=lamp"' in html


def test_a_wrong_price_is_marked_and_the_answer_still_comes(client: Client, indexed: Indexed) -> None:
    published(title="Desk lamp")
    indexed()
    html = page(client, "/search/?min=cheap")
    assert titles(html) == ["Desk lamp"]
    assert 'value="cheap" aria-invalid="true"' in html


def test_what_was_sold_a_moment_ago_is_not_shown_even_before_the_index_knows(client: Client, indexed: Indexed) -> None:
    lamp = published(title="Desk lamp")
    indexed()
    listings.pause(listing=lamp, actor=SELLER, at=clock.now())
    assert titles(page(client, "/search/?q=lamp")) == []


def test_reduced_search_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.backends import base

    def away(_plan: object, **_: object) -> None:
        raise base.EngineUnavailable("away")

    published(title="Desk lamp")
    monkeypatch.setattr(queries.engine(), "find", away)
    html = page(client, "/search/?q=lamp")
    assert titles(html) == ["Desk lamp"]
    assert "Reduced search" in html


def test_search_in_chinese(client: Client, indexed: Indexed) -> None:
    published(title="红色真皮沙发")
    indexed()
    client.cookies["django_language"] = "zh-hans"
    html = page(client, "/search/?q=" + quote("沙發"))
    assert titles(html) == ["红色真皮沙发"]
    assert '<html lang="zh-Hans">' in html
    assert "家居" in html or "灯" in html


@pytest.mark.parametrize("words", NASTIES)
def test_nasty_words_get_a_page(client: Client, words: str) -> None:
    client.get("/search/", {"q": words.encode("utf-8", "surrogatepass")})
    answer = client.get("/search/?q=" + quote(words.encode("utf-8", "surrogatepass"))[:4000])
    assert answer.status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=60),
    name=st.sampled_from(NAMES),
)
def test_no_address_breaks_a_page(client: Client, raw: bytes, name: str) -> None:
    assert client.get(f"/search/?{name}={quote(raw)}").status_code == 200


# ── categories ────────────────────────────────────────────────────────────────────────────────────


def test_a_category_shows_what_is_below_it_and_its_own_filters(client: Client, indexed: Indexed) -> None:
    published(title="Desk lamp")
    indexed()
    branch = Category.objects.get(depth=1, path=category("lighting").path[:4]).slug
    assert titles(page(client, f"/c/{branch}/")) == ["Desk lamp"]
    html = page(client, "/c/lighting/")
    assert titles(html) == ["Desk lamp"]
    assert 'name="a.place" value="table"' in html
    assert f'href="/c/{branch}/"' in html
    assert titles(page(client, "/c/lighting/?a.place=floor")) == []


def test_an_unknown_category_is_not_there(client: Client) -> None:
    page(client, "/c/no-such-thing/", status=404)


# ── a listing ─────────────────────────────────────────────────────────────────────────────────────


def test_a_listing_says_what_it_costs_and_what_protects_the_buyer(client: Client, indexed: Indexed) -> None:
    lamp = published(title="Desk </script><b>lamp", price_minor=4550)
    indexed()
    html = page(client, lamp.href)
    assert "€45.50" in html
    assert "Held until you confirm" in html
    assert f'name="variant" value="{lamp.variants.get().reference}"' in html
    assert '<link rel="canonical" href="http' in html
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    assert told["name"] == "Desk </script><b>lamp"
    assert (told["offers"]["price"], told["offers"]["priceCurrency"]) == ("45.50", "EUR")
    assert "<b>lamp" not in html


def test_quantity_prices_are_a_table(client: Client) -> None:
    from marketplace.sale_formats.fixed_price.pricing import Break

    boxes = published(title="Cartons", price_minor=100, on_hand=500, min_quantity=10, breaks=(Break(100, 80),))
    html = page(client, boxes.href)
    assert "100 and more" in html
    assert "€0.80" in html
    assert 'min="10"' in html


def test_similar_things_come_when_asked_for(client: Client, indexed: Indexed) -> None:
    lamp, other = published(title="Desk lamp"), published(title="Floor lamp")
    indexed()
    assert f'hx-get="/listing/{lamp.reference}/similar/"' in page(client, lamp.href)
    html = page(client, f"/listing/{lamp.reference}/similar/")
    assert titles(html) == [other.title]
    assert "<html" not in html
    page(client, "/listing/NOSUCH000000/similar/", status=404)


def test_an_old_title_in_the_address_moves_on(client: Client) -> None:
    lamp = published(title="台灯 lamp")
    answer = client.get(f"/listing/{lamp.reference.lower()}/old-title/")
    assert answer.status_code == 301
    assert client.get(answer["location"]).status_code == 200
    assert client.get(f"/listing/{lamp.reference}/").status_code == 301


def test_what_is_sold_is_gone_but_says_what_it_was(client: Client, indexed: Indexed) -> None:
    lamp = published(title="Desk lamp", on_hand=1)
    other = published(title="Floor lamp")
    Listing.objects.filter(pk=lamp.pk).update(state="sold_out")
    indexed()
    html = page(client, lamp.href, status=410)
    assert "Sold" in html
    assert titles(html) == [other.title]
    assert "/basket/lines/" not in html


def test_what_was_removed_is_gone_and_tells_nothing(client: Client, indexed: Indexed) -> None:
    lamp, other = published(title="Stolen lamp"), published(title="Floor lamp")
    listings.remove(listing=lamp, actor=SELLER, at=clock.now())
    indexed()
    html = page(client, lamp.href, status=410)
    assert "Stolen" not in html
    assert titles(html) == [other.title]


def test_what_was_never_shown_is_not_there(client: Client) -> None:
    page(client, f"/listing/{offer(draft()).reference}/", status=404)
    page(client, "/listing/NOSUCH000000/", status=404)


# ── how many questions a page asks the database ───────────────────────────────────────────────────


@pytest.mark.parametrize("things", [1, 30])
@pytest.mark.parametrize(("address", "most"), [("/", 4), ("/search/?q=lamp", 4), ("/c/lighting/", 4), ("listing", 4)])
def test_pages_ask_a_constant_number_of_queries(
    client: Client, indexed: Indexed, django_assert_num_queries: DjangoAssertNumQueries, things: int, address: str, most: int
) -> None:
    vendor = shop()
    lamps = [published(vendor, title=f"Lamp {number}") for number in range(things + 1)]
    indexed()
    address = lamps[0].href if address == "listing" else address
    client.get(address)  # the category tree is kept for a minute
    with django_assert_num_queries(most):
        client.get(address)


# ── what it costs until it is at the door ─────────────────────────────────────────────────────────


def test_the_price_shown_includes_the_cheapest_parcel(client: Client, indexed: Indexed) -> None:
    lamp = published(title="Desk lamp", price_minor=4500)
    for name, base, places in (("Express", 1290, ["FR"]), ("Parcel", 690, ["FR", "DE"]), ("Abroad", 100, ["DE"])):
        ShippingMethod.objects.create(vendor=lamp.vendor, name=name, base_minor=base, zones=places)
    indexed()
    assert "€51.90" in page(client, "/search/?q=lamp")
    html = page(client, lamp.href)
    assert "€51.90" in html
    assert "€45.00 + €6.90 delivery to France" in html
    assert "Arrives" in html


def test_an_address_of_mine_decides_where_it_is_sent(client: Client, indexed: Indexed) -> None:
    lamp = published(title="Desk lamp", price_minor=4500)
    ShippingMethod.objects.create(vendor=lamp.vendor, name="Abroad", base_minor=100, zones=["DE"])
    owner = make_user("buyer-abroad@example.com")
    Address.objects.create(user=owner, name="A", street="B", city="C", postcode="10119", country="DE", is_default=True, created_at=clock.now())
    client.force_login(owner)
    indexed()
    assert "delivery to Germany" in page(client, lamp.href)


def test_quantity_goods_keep_their_unit_price(client: Client, indexed: Indexed) -> None:
    boxes = published(title="Cartons", price_minor=100, on_hand=500, min_quantity=10)
    ShippingMethod.objects.create(vendor=boxes.vendor, name="Parcel", base_minor=500, each_more_minor=10, zones=["*"])
    indexed()
    html = page(client, boxes.href)
    assert "Delivery to France costs €5.90 for the smallest order" in html


def test_home_reminds_a_seller_of_a_draft(client: Client) -> None:
    owner = make_user("drafting@example.com")
    lamp = draft(shop(owner), title="Half a lamp")
    assert "Half a lamp" not in page(client, "/")
    client.force_login(owner)
    assert f'href="/sell/{lamp.vendor.slug}/listings/{lamp.reference}/"' in page(client, "/")


def test_home_reminds_a_buyer_of_what_is_unpaid(client: Client) -> None:
    buyer = make_user("unpaid@example.com")
    placed = trade.orders_of(trade.place(trade.basket(trade.goods(), user=buyer)))[0]
    client.force_login(buyer)
    html = page(client, "/")
    assert f'href="/orders/{placed.reference}/"' in html
    assert "Waiting for your payment" in html
