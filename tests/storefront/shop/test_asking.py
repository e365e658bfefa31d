import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.query import SearchQuery, Sort
from storefront.shop.asking import address, read

NAMES = ["q", "category", "condition", "hand_over", "min", "max", "sort", "page", "currency", "a.brand", "a.", "x"]


def asked(text: str, **options: str) -> SearchQuery:
    return read(QueryDict(text), **{"currency": "EUR", **options}).query


def test_an_address_is_read_into_a_question() -> None:
    first = "q=desk++lamp&category=lighting&category=lighting&condition=good&condition=shiny&hand_over=pickup"
    query = asked(first + "&a.brand=Acme&min=20&max=19%2C90&sort=price&page=3")
    assert (query.words, query.categories, query.conditions, query.hand_overs) == ("desk lamp", ("lighting",), ("good",), ("pickup",))
    assert (dict(query.attributes), query.sort, query.page) == ({"brand": ("Acme",)}, Sort.CHEAPEST, 3)


def test_a_lowest_price_above_the_highest_is_told_and_kept() -> None:
    found = read(QueryDict("min=20&max=10"), currency="EUR")
    assert (found.query.has_price, dict(found.typed), list(found.errors)) == (False, {"min": "20", "max": "10"}, ["max"])


@pytest.mark.parametrize("text", ["abc", "-5", "1.999", "9" * 16, "1e5", "NaN"])
def test_a_price_that_is_none_is_told_and_kept(text: str) -> None:
    found = read(QueryDict(f"min={text}"), currency="EUR")
    assert (found.query.price_from, found.typed["min"], list(found.errors)) == (None, text, ["min"])


def test_prices_are_read_in_their_currency() -> None:
    assert asked("min=20&currency=JPY").price_from == 20
    assert asked("min=20").price_from == 2000
    assert asked("currency=JPY").currency == ""
    assert asked("min=20&currency=nonsense").currency == "EUR"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (SearchQuery(), "/search/"),
        (SearchQuery(words="沙发 a&b", page=2), "/search/?q=%E6%B2%99%E5%8F%91+a%26b&page=2"),
        (SearchQuery(within="lighting", conditions=("new", "good"), sort=Sort.NEWEST), "/c/lighting/?condition=new&condition=good&sort=newest"),
        (SearchQuery(currency="EUR", price_from=1990, price_until=2000), "/search/?currency=EUR&min=19.9&max=20"),
    ],
)
def test_an_address_says_only_what_was_asked(query: SearchQuery, expected: str) -> None:
    assert address(query) == expected
    rest = expected.partition("?")[2]
    assert asked(rest, within=query.within) == query


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30), max_size=6))
def test_whatever_is_in_the_address_bar_is_read_and_written_back_the_same(pairs: dict[str, str]) -> None:
    parameters = QueryDict(mutable=True)
    for name, value in pairs.items():
        parameters.appendlist(name, value)
    query = read(parameters, currency="EUR").query
    again = read(QueryDict(address(query).partition("?")[2]), currency="EUR").query
    assert again == query
