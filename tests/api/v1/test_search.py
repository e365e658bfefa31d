import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from core import clock
from search import operations
from tests.factories.goods import draft, published, shop

pytestmark = pytest.mark.django_db


def ask(**parameters: object):  # type: ignore[no-untyped-def]
    return APIClient().get("/api/v1/search/", parameters)


def indexed() -> None:
    operations.rebuild(at=clock.now())


def test_search_answers_cards_counts_and_links() -> None:
    lamps = [published(title=f"Desk lamp {number}", price_minor=1000 + number) for number in range(3)]
    indexed()
    answer = ask(q="lamp", limit=2, sort="price")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["total"], body["pages"], body["reduced"]) == (3, 2, False)
    assert [card["reference"] for card in body["results"]] == [lamp.reference for lamp in lamps[:2]]
    assert body["results"][0]["price"] == {"amount_minor": 1000, "currency": "EUR"}
    assert {"value": "very_good", "count": 3, "chosen": False} in next(facet["values"] for facet in body["facets"] if facet["key"] == "condition")
    assert APIClient().get(body["next"]).json()["results"][0]["reference"] == lamps[2].reference
    assert sum(bar["count"] for bar in body["prices"]) == 3


def test_search_narrows_by_everything_at_once() -> None:
    lamp = published(price_minor=4500)
    published(shop(currency="CNY"), price_minor=4500)
    indexed()
    asked = {"q": "lamp", "category": "lighting", "condition": ["very_good", "new"], "hand_over": "parcel", "attribute": "place=table"}
    body = ask(**asked, currency="EUR", price_from=4500, price_until=4500, shop=lamp.vendor.slug).json()
    assert [card["reference"] for card in body["results"]] == [lamp.reference]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "x"}, "page"),
        ({"limit": "1000"}, "limit"),
        ({"price_from": "5"}, "currency"),
        ({"price_from": "-1", "currency": "EUR"}, "price_from"),
        ({"price_until": "9" * 40, "currency": "EUR"}, "price_until"),
        ({"condition": "shiny"}, "condition.0"),
        ({"currency": "XXX"}, "currency"),
        ({"attribute": "nonsense"}, "attribute.0"),
        ({"sort": "random"}, "sort"),
        ({"q": "x" * 201}, "q"),
        ({"q": "\x00"}, "q"),
        ({"category": ["a"] * 21}, "category"),
    ],
)
def test_search_explains_what_is_wrong(parameters: dict[str, object], field: str) -> None:
    answer = ask(**parameters)
    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60), value=st.text(max_size=30), number=st.text(max_size=6))
def test_search_never_breaks(words: str, value: str, number: str) -> None:
    try:
        answer = ask(q=words, category=value, attribute=f"{value}={words}", page=number, currency=value)
    except UnicodeEncodeError:  # a lone surrogate cannot be sent at all
        return
    assert answer.status_code in (200, 400)


def test_a_listing_is_public_until_it_is_not() -> None:
    lamp = published(price_minor=4500, on_hand=20, min_quantity=2)
    answer = APIClient().get(f"/api/v1/listings/{lamp.reference}/")
    assert answer.status_code == 200
    body = answer.json()
    assert body["variants"][0]["reference"] == lamp.variants.get().reference
    assert (body["variants"][0]["min_quantity"], body["variants"][0]["available"], body["inspection_days"]) == (2, 20, 14)
    assert body["pictures"][0]["small"].startswith("http")
    assert APIClient().get(f"/api/v1/listings/{draft().reference}/").status_code == 404
    assert APIClient().get("/api/v1/listings/NOSUCH000000/").status_code == 404
