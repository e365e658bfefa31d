"""Answers for pages and the API. Whatever happens to the engine, a question gets a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from django.db import DatabaseError

from core.jobs import defer
from marketplace.catalog.listings.models import Listing
from search.backends import engine
from search.backends.base import PRICE_EDGES, EngineUnavailable, SearchBackend
from search.backends.database import DatabaseBackend
from search.documents import attribute_token
from search.models import INDEXER, OutboxEntry
from search.planner import Plan, plan
from search.query import Facet, FacetValue, PriceBar, Relaxation, SearchPage, SearchQuery, Sort

Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)
MENDING_PAUSE_SECONDS = 30.0
RELAXATIONS_LIMIT = 5
_asked_to_mend_at = float("-inf")


def find(query: SearchQuery, *, at: datetime, facets: bool = True) -> SearchPage:
    """One page of what is for sale and fits the question."""
    made = plan(query)
    found, reduced = _ask(lambda backend: backend.find(made, facets=facets), at)
    return SearchPage(query, found.references, found.total, _facets(query, found.counts), _prices(found.prices), reduced)


def relaxations(query: SearchQuery, *, at: datetime) -> list[Relaxation]:
    """For an empty page: what to let go of that would find something, one thing if possible, the most fruitful first."""
    return _fruitful(_one_less(query), at) or _fruitful(_much_less(query), at)


def _fruitful(candidates: Iterable[tuple[str, str, SearchQuery]], at: datetime) -> list[Relaxation]:
    offers = []
    for dropped, value, relaxed in candidates:
        total, reduced = _ask(partial(_count, plan(relaxed)), at)
        if total and not reduced:
            offers.append(Relaxation(dropped, value, relaxed, total))
    return sorted(offers, key=lambda offer: -offer.total)[:RELAXATIONS_LIMIT]


def similar(*, reference: str, title: str, category: str, at: datetime, limit: int) -> tuple[str, ...]:
    """Other things of the same category, those with like words first."""
    query = SearchQuery(words=title, within=category, without=reference, loose=True, per_page=limit)
    return find(query, at=at, facets=False).references


def newest(*, at: datetime, limit: int, within: str = "") -> tuple[str, ...]:
    return find(SearchQuery(within=within, sort=Sort.NEWEST, per_page=limit), at=at, facets=False).references


def _count(made: Plan, backend: SearchBackend) -> int:
    return backend.count(made)


def _ask(question: Callable[[SearchBackend], Answer], at: datetime) -> tuple[Answer, bool]:
    """The engine's answer, or the database's plainer one (reduced) while the engine cannot."""
    try:
        return question(engine()), False
    except EngineUnavailable as broken:
        log.warning("search_reduced", why=str(broken))
        _ask_to_mend()
        return question(DatabaseBackend(at)), True


def _ask_to_mend() -> None:
    """A job builds the index anew; asked for at most now and then, and never at the page's cost."""
    global _asked_to_mend_at
    if time.monotonic() - _asked_to_mend_at < MENDING_PAUSE_SECONDS:
        return
    _asked_to_mend_at = time.monotonic()
    try:
        defer("search.jobs.mend_index", key="search-mend", lock=INDEXER, damaged=engine().generation())
    except DatabaseError:
        log.exception("search_mending_not_asked")


def _one_less(query: SearchQuery) -> Iterator[tuple[str, str, SearchQuery]]:
    """The question without each of its narrowings, and without each of its words."""
    if query.has_price:
        yield "price", "", query.changed(price_from=None, price_until=None, currency="")
    for code, values in query.attributes.items():
        if values:
            yield "attribute", code, query.changed(attributes={**query.attributes, code: ()})
    for name in ("categories", "conditions", "hand_overs"):
        if getattr(query, name):
            yield name, "", query.changed(**{name: ()})
    if query.within and query.words:
        yield "within", query.within, query.changed(within="", categories=())
    words = query.words.split()
    if 1 < len(words) <= 6:
        for at, word in enumerate(words):
            yield "word", word, query.changed(words=" ".join(words[:at] + words[at + 1 :]))


def _much_less(query: SearchQuery) -> Iterator[tuple[str, str, SearchQuery]]:
    """When no single thing helps: the words alone, then each word alone."""
    if query.words and query.is_filtered:
        yield "filters", "", SearchQuery(words=query.words, within=query.within, sort=query.sort)
    words = query.words.split()
    for word in words if 1 < len(words) <= 6 else ():
        yield "all but", word, SearchQuery(words=word, sort=query.sort)


def _facets(query: SearchQuery, counts: Mapping[str, Mapping[str, int]]) -> tuple[Facet, ...]:
    chosen = {
        "category": query.categories,
        "condition": query.conditions,
        "hand_over": query.hand_overs,
        "currency": (query.currency,) if query.currency else (),
        "attribute": tuple(attribute_token(code, value) for code, values in query.attributes.items() for value in values),
    }
    return tuple(Facet(key, _values(counts[key], chosen.get(key, ()))) for key in sorted(counts))


def _values(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    """By count, then by name; a chosen value stays in the list even when nothing has it."""
    values = {**dict.fromkeys(chosen, 0), **counts}
    return tuple(FacetValue(value, values[value], value in chosen) for value in sorted(values, key=lambda value: (-values[value], value)))


def _prices(bars: Mapping[str, Sequence[int]]) -> dict[str, tuple[PriceBar, ...]]:
    """Bars of each currency from the first that holds something to the last."""
    lows, highs = (0, *PRICE_EDGES), (*PRICE_EDGES, None)
    kept = {}
    for currency, counts in bars.items():
        full = [place for place, count in enumerate(counts) if count]
        if full:
            kept[currency] = tuple(PriceBar(lows[place], highs[place], counts[place]) for place in range(full[0], full[-1] + 1))
    return kept


@dataclass(frozen=True, slots=True)
class IndexDifference:
    """Ghosts are indexed but not for sale; missing ones are for sale but not indexed; waiting changes explain either."""

    ghosts: frozenset[str]
    missing: frozenset[str]
    waiting: int

    @property
    def is_empty(self) -> bool:
        return not self.ghosts and not self.missing


def index_difference() -> IndexDifference:
    try:
        indexed = engine().references()
    except EngineUnavailable:
        indexed = frozenset()
    for_sale = frozenset(Listing.objects.for_sale().values_list("reference", flat=True))
    return IndexDifference(indexed - for_sale, for_sale - indexed, OutboxEntry.objects.count())
