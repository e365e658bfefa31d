"""The address bar as a question, and a question as an address: for search and category pages the URL is the whole state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from core import money
from core.money import EXPONENTS, AmountMalformed
from marketplace.catalog.listings.models import Condition, HandOver
from search.query import SearchQuery, Sort

ATTRIBUTE = "a."
SEARCH_PATH = "/search/"


@dataclass(frozen=True)
class Asked:
    """A question as it was typed: what could be read, and what could not, kept beside the sentence that says why."""

    query: SearchQuery
    typed: Mapping[str, str]
    errors: Mapping[str, str]


def read(parameters: QueryDict, *, within: str = "", currency: str = "") -> Asked:
    """Only the parameters we know, each in its own type.

    Prices are in `currency` unless the visitor names another; without a price the named one narrows nothing, because
    the form always sends it.
    """
    named = parameters.get("currency", "")
    asked_currency = named if named in EXPONENTS else ""
    typed = {name: parameters.get(name, "").strip()[:20] for name in ("min", "max")}
    errors: dict[str, str] = {}
    prices = {name: _price(name, typed[name], asked_currency or currency, errors) for name in typed}
    if not errors and prices["min"] is not None and prices["max"] is not None and prices["min"] > prices["max"]:
        errors["max"] = _("Write a highest price that is not below the lowest.")
        prices = {"min": None, "max": None}
    has_price = any(price is not None for price in prices.values())
    query = SearchQuery(
        words=" ".join(parameters.get("q", "").split()),
        within=within,
        categories=_several(parameters, "category"),
        conditions=tuple(value for value in _several(parameters, "condition") if value in Condition.values),
        hand_overs=tuple(value for value in _several(parameters, "hand_over") if value in HandOver.values),
        currency=(asked_currency or currency) if has_price else "",
        price_from=prices["min"],
        price_until=prices["max"],
        attributes={key.removeprefix(ATTRIBUTE): values for key in parameters if key.startswith(ATTRIBUTE) if (values := _several(parameters, key))},
        sort=_sort(parameters.get("sort", "")),
        page=_page(parameters.get("page", "")),
    )
    return Asked(query, typed, errors)


def address(query: SearchQuery) -> str:
    """The one address of a question: its category's page or the search page, with everything else after the question mark."""
    path = f"/c/{quote(query.within)}/" if query.within else SEARCH_PATH
    pairs = list(parameters_of(query))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def parameters_of(query: SearchQuery) -> Iterator[tuple[str, str]]:
    if query.words:
        yield "q", query.words
    yield from (("category", value) for value in query.categories)
    yield from (("condition", value) for value in query.conditions)
    yield from (("hand_over", value) for value in query.hand_overs)
    for code, values in query.attributes.items():
        yield from ((ATTRIBUTE + code, value) for value in values)
    if query.currency:
        yield "currency", query.currency
    if query.price_from is not None:
        yield "min", plain(query.price_from, query.currency)
    if query.price_until is not None:
        yield "max", plain(query.price_until, query.currency)
    if query.sort is not Sort.BEST:
        yield "sort", query.sort.value
    if query.page > 1:
        yield "page", str(query.page)


def plain(amount_minor: int, currency: str) -> str:
    """The amount as a person types it: 20 rather than 20.00."""
    text = money.Money(amount_minor, currency).plain()
    return text.rstrip("0").rstrip(".") if "." in text else text


def _several(parameters: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in parameters.getlist(name) if value))


def _price(name: str, text: str, currency: str, errors: dict[str, str]) -> int | None:
    if not text or not currency:
        return None
    try:
        amount = money.parse(text.replace(",", "."), currency).amount_minor
    except AmountMalformed:
        errors[name] = _("Write a price like 20 or 19.90.")
        return None
    if amount < 0:
        errors[name] = _("Write a price like 20 or 19.90.")
        return None
    return amount


def _sort(text: str) -> Sort:
    return Sort(text) if text in list(Sort) else Sort.BEST


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
