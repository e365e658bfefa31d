"""From a plan to tantivy queries and back from its buckets to counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from tantivy import FieldType, Occur, Query

from search.backends.base import PRICE_EDGES
from search.backends.embedded.schema import schema
from search.planner import ATTRIBUTE, COMPLETE_BONUS, MATCHED_BONUS, TIE, Among, Filter, Plan, Term

FACETS = ("category", "condition", "hand_over", "attribute")
BUCKETS = 1000


def question(plan: Plan, filters: Iterable[Filter]) -> Query:
    """Words that score, filters that only sieve."""
    must = [(Occur.Must, Query.const_score_query(_filter(one), 0.0)) for one in filters]
    must += [(Occur.MustNot, Query.term_query(schema(), one.field, one.value)) for one in plan.without]
    if plan.terms:
        must.append((Occur.Must if plan.required else Occur.Should, _words(plan.terms, max(plan.required, 1))))
    if not any(occur is Occur.Must for occur, _ in must):
        must.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
    return Query.boolean_query(must)


def _words(terms: Sequence[Term], required: int) -> Query:
    matched = [_matched(term) for term in terms]
    any_of = Query.boolean_query([(Occur.Should, one) for one in matched], minimum_number_should_match=required)
    if len(matched) == 1:
        return any_of
    every = Query.boolean_query([(Occur.Must, one) for one in matched])
    return Query.boolean_query([(Occur.Must, any_of), (Occur.Should, Query.const_score_query(every, COMPLETE_BONUS))])


def _matched(term: Term) -> Query:
    best = Query.disjunction_max_query(
        [Query.boost_query(Query.term_query(schema(), form.field, form.token, "freq"), form.boost) for form in term.alternatives], TIE
    )
    return Query.boolean_query([(Occur.Must, best), (Occur.Should, Query.const_score_query(best, MATCHED_BONUS))])


def _filter(one: Filter) -> Query:
    if isinstance(one, Among):  # an OR of terms is twice as fast as a term set
        return Query.boolean_query([(Occur.Should, Query.term_query(schema(), one.field, value, "basic")) for value in one.values])
    return Query.range_query(schema(), one.field, FieldType.Unsigned, one.low, one.high)


@cache
def _price_ranges() -> list[dict[str, int]]:
    between = [{"from": low, "to": high} for low, high in pairwise(PRICE_EDGES)]
    return [{"to": PRICE_EDGES[0]}, *between, {"from": PRICE_EDGES[-1]}]


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": BUCKETS, "segment_size": BUCKETS}}


def counting_passes(plan: Plan) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """What to count and which facets' own filters to leave out while doing so: one pass for all that are not narrowed."""
    narrowed = {one.facet for one in plan.filters}
    passes: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    together = {facet: _terms(facet) for facet in FACETS if facet not in narrowed}
    by_currency = {**_terms("currency"), "aggs": {"price": {"range": {"field": "price", "ranges": _price_ranges()}}}}
    if narrowed & {"currency", "price"}:
        passes.append((("currency", "price"), {"currency": by_currency}))
    else:
        together["currency"] = by_currency
    passes.append(((), together))
    passes += [((facet,), {facet: _terms(facet)}) for facet in FACETS if facet in narrowed]
    passes += [((facet,), {facet: _terms("attribute")}) for facet in sorted(narrowed) if facet.startswith(ATTRIBUTE)]
    return passes


def counts_from(buckets: Mapping[str, Any]) -> tuple[dict[str, dict[str, int]], dict[str, list[int]]]:
    """Counts per facet and price bars per currency. A narrowed attribute's own counts replace the ones it had limited."""
    counts = {facet: _counts(one) for facet, one in buckets.items()}
    attributes = counts.setdefault("attribute", {})
    for facet in [name for name in counts if name.startswith(ATTRIBUTE)]:
        mark = facet.removeprefix(ATTRIBUTE) + "="
        own = {token: count for token, count in counts.pop(facet).items() if token.startswith(mark)}
        attributes = {token: count for token, count in attributes.items() if not token.startswith(mark)} | own
    counts["attribute"] = attributes
    currencies = buckets.get("currency", {}).get("buckets", ())
    prices = {one["key"]: [int(bar["doc_count"]) for bar in _in_order(one["price"]["buckets"])] for one in currencies}
    return counts, prices


def _counts(aggregation: Mapping[str, Any]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in aggregation["buckets"]}


def _in_order(buckets: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(buckets, key=lambda bucket: bucket.get("from", -1))
