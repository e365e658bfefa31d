"""A slow and obvious search over a list of documents: what the engines must agree with."""

from collections import Counter
from collections.abc import Sequence

from search.analysis import index_tokens
from search.backends.base import PRICE_EDGES
from search.documents import ListingDocument
from search.planner import ATTRIBUTE, Among, Filter, Plan
from search.query import Sort


def matching(documents: Sequence[ListingDocument], plan: Plan, filters: Sequence[Filter]) -> list[ListingDocument]:
    return [document for document in documents if _has_words(document, plan) and all(_passes(document, one) for one in filters)]


def apart_from(plan: Plan, *facets: str) -> list[Filter]:
    """Written again here: a reference that borrows the rule it checks checks nothing."""
    return [one for one in plan.filters if all(one.facet != facet for facet in facets)]


def ordered(documents: Sequence[ListingDocument], sort: Sort) -> list[str]:
    if sort is Sort.NEWEST:
        ranked = sorted(documents, key=lambda document: (-document.published_seconds, -document.key))
    else:
        ranked = sorted(documents, key=lambda document: document.cheapness, reverse=sort is Sort.DEAREST)
    return [document.reference for document in ranked]


def counted(documents: Sequence[ListingDocument], plan: Plan) -> dict[str, dict[str, int]]:
    counts = {
        "category": Counter(slug for one in matching(documents, plan, apart_from(plan, "category")) for slug in one.categories),
        "condition": Counter(one.condition for one in matching(documents, plan, apart_from(plan, "condition"))),
        "hand_over": Counter(how for one in matching(documents, plan, apart_from(plan, "hand_over")) for how in one.hand_overs),
        "currency": Counter(one.currency for one in matching(documents, plan, apart_from(plan, "currency", "price"))),
        "attribute": Counter[str](),
    }
    for code in {code for document in documents for code, _ in document.attributes}:
        kept = matching(documents, plan, apart_from(plan, ATTRIBUTE + code))
        counts["attribute"].update(token for one in kept for token in one.attribute_tokens if token.startswith(code + "="))
    return {facet: dict(found) for facet, found in counts.items()}


def bars(documents: Sequence[ListingDocument], plan: Plan) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in matching(documents, plan, apart_from(plan, "currency", "price")):
        place = sum(edge <= one.price_minor for edge in PRICE_EDGES)
        found.setdefault(one.currency, [0] * (len(PRICE_EDGES) + 1))[place] += 1
    return found


def _has_words(document: ListingDocument, plan: Plan) -> bool:
    tokens = {
        "title": set(index_tokens(document.title)),
        "description": set(index_tokens(document.description)),
        "details": set(index_tokens(document.details)),
    }
    matched = sum(any(form.token in tokens[form.field] for form in term.alternatives) for term in plan.terms)
    return matched >= plan.required and all(getattr(document, one.field) != one.value for one in plan.without)


def _passes(document: ListingDocument, one: Filter) -> bool:
    if isinstance(one, Among):
        held = {
            "category": document.categories,
            "condition": (document.condition,),
            "hand_over": document.hand_overs,
            "shop": (document.shop,),
            "currency": (document.currency,),
            "attribute": document.attribute_tokens,
        }[one.field]
        return bool(set(held) & set(one.values))
    return one.low <= document.price_minor and (one.high is None or document.price_minor <= one.high)
