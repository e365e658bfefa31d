"""From a question to a plan that any engine can compile. Pure.

Each asked term looks into every text field and takes the best of them (a little of the rest); a constant per matched
term and one for all of them keep a listing that has every word above one that has a single word often.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from search.analysis import asked_terms, synonyms_of
from search.documents import attribute_token
from search.query import SearchQuery, Sort

TEXT_FIELDS = (("title", 2.0), ("description", 2.5), ("details", 0.5))
TIE = 0.1
SYNONYM, JOINED = 0.2, 0.35
MATCHED_BONUS, COMPLETE_BONUS = 16.0, 32.0
ATTRIBUTE = "attribute."


@dataclass(frozen=True, slots=True)
class Alternative:
    field: str
    token: str
    boost: float


@dataclass(frozen=True, slots=True)
class Term:
    token: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """A filter: the field holds one of the values. `facet` names the facet that must count without it."""

    facet: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    facet: str
    field: str
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Without:
    field: str
    value: str


Filter = Among | Between


@dataclass(frozen=True, slots=True)
class Plan:
    terms: tuple[Term, ...]
    required: int
    filters: tuple[Filter, ...]
    without: tuple[Without, ...]
    sort: Sort
    offset: int
    limit: int

    def apart_from(self, *facets: str) -> tuple[Filter, ...]:
        """The filters that still hold while these facets are counted."""
        return tuple(one for one in self.filters if one.facet not in facets)


def plan(query: SearchQuery) -> Plan:
    terms = _terms(query.words)
    return Plan(
        terms=terms,
        required=0 if query.loose else required_of(len(terms)),
        filters=_filters(query),
        without=(Without("reference", query.without),) if query.without else (),
        sort=query.sort if query.sort is not Sort.BEST or terms else Sort.NEWEST,
        offset=(query.page - 1) * query.per_page,
        limit=query.per_page,
    )


def required_of(terms: int) -> int:
    """How many terms a listing must have: both of two, two of three, three of five, so that one odd word does not empty the page."""
    return terms if terms <= 2 else -(-terms * 3 // 5)


def _terms(words: str) -> tuple[Term, ...]:
    asked = asked_terms(words)
    joined: dict[str, set[str]] = {token: set() for token, _ in asked}
    for (left, _), (right, _) in pairwise(asked):
        if left.isascii() and right.isascii():
            joined[left].add(left + right)
            joined[right].add(left + right)
    return tuple(
        Term(
            token,
            tuple(
                Alternative(field, form, round(boost * weight, 4))
                for form, weight in _forms(token, same, joined[token])
                for field, boost in TEXT_FIELDS
            ),
        )
        for token, same in asked
    )


def _forms(token: str, same: tuple[str, ...], joined: set[str]) -> list[tuple[str, float]]:
    forms = {token: 1.0, **dict.fromkeys(same, 1.0)}
    for form in sorted(joined):
        forms.setdefault(form, JOINED)
    for form in synonyms_of(token):
        forms.setdefault(form, SYNONYM)
    return list(forms.items())


def _filters(query: SearchQuery) -> tuple[Filter, ...]:
    filters: list[Filter] = []
    for facet, field, values in (
        ("within", "category", (query.within,) if query.within else ()),
        ("shop", "shop", (query.shop,) if query.shop else ()),
        ("category", "category", query.categories),
        ("condition", "condition", query.conditions),
        ("hand_over", "hand_over", query.hand_overs),
        ("currency", "currency", (query.currency,) if query.currency else ()),
    ):
        if values:
            filters.append(Among(facet, field, values))
    if query.has_price:
        filters.append(Between("price", "price", query.price_from or 0, query.price_until))
    filters += (
        Among(ATTRIBUTE + code, "attribute", tuple(attribute_token(code, value) for value in values))
        for code, values in query.attributes.items()
        if values
    )
    return tuple(filters)
