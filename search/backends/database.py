"""The last resort while the engine is away: every word somewhere in the title or description, no ranking, no counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import Listing, ListingQuerySet
from search.backends.base import EngineUnavailable, Found
from search.collect import prices_of
from search.documents import ListingDocument
from search.planner import ATTRIBUTE, Among, Between, Filter, Plan
from search.query import Sort

PRICED_LIMIT = 2000


class DatabaseBackend:
    """Answers from the listings themselves, as they are at this moment."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def find(self, plan: Plan, *, facets: bool = True) -> Found:
        listings = self._sieved(plan)
        if _needs_prices(plan):
            references = self._by_price(listings, plan)
            return Found(tuple(references[plan.offset : plan.offset + plan.limit]), len(references))
        page = listings.order_by("-published_at", "-pk")[plan.offset : plan.offset + plan.limit]
        return Found(tuple(page.values_list("reference", flat=True)), listings.count())

    def count(self, plan: Plan) -> int:
        return self.find(plan, facets=False).total

    def apply(self, *, put: Sequence[ListingDocument], remove: Sequence[int]) -> None:
        raise EngineUnavailable("the database keeps no index")

    def rebuild(self, documents: Iterable[ListingDocument], *, progress: Callable[[int], None]) -> int:
        raise EngineUnavailable("the database keeps no index")

    def references(self) -> frozenset[str]:
        return frozenset(Listing.objects.for_sale().values_list("reference", flat=True))

    def generation(self) -> str:
        return "database"

    def _sieved(self, plan: Plan) -> ListingQuerySet:
        listings = Listing.objects.for_sale()
        for term in plan.terms if plan.required else ():
            listings = listings.filter(_any(Q(title__icontains=one.token) | Q(description__icontains=one.token) for one in term.alternatives))
        for one in plan.filters:
            if isinstance(one, Among):
                listings = listings.filter(_condition(one))
        for no in plan.without:
            listings = listings.exclude(**{no.field: no.value})
        return listings

    def _by_price(self, listings: ListingQuerySet, plan: Plan) -> list[str]:
        """Prices are made by the sale formats, so they are asked for the newest few thousand and sorted here."""
        chosen = list(listings.select_related("vendor").order_by("-published_at", "-pk")[:PRICED_LIMIT])
        prices = prices_of(chosen, at=self._at)
        priced = [(prices[one.pk], one.reference) for one in chosen if one.pk in prices]
        for between in (one for one in plan.filters if isinstance(one, Between)):
            priced = [(price, ref) for price, ref in priced if _within(price.amount_minor, between)]
        if plan.sort in (Sort.CHEAPEST, Sort.DEAREST):
            priced.sort(key=lambda one: (one[0].currency, one[0].amount_minor), reverse=plan.sort is Sort.DEAREST)
        return [reference for _, reference in priced]


def _needs_prices(plan: Plan) -> bool:
    return plan.sort in (Sort.CHEAPEST, Sort.DEAREST) or any(isinstance(one, Between) for one in plan.filters)


def _within(amount_minor: int, between: Between) -> bool:
    return between.low <= amount_minor and (between.high is None or amount_minor <= between.high)


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _condition(one: Filter) -> Q:
    assert isinstance(one, Among)
    if one.field == "category":
        paths = Category.objects.filter(slug__in=one.values).values_list("path", flat=True)
        return reduce(or_, (Q(category__path__startswith=path) for path in paths), Q(pk__in=[]))
    if one.field == "hand_over":
        return _any(Q(hand_overs__contains=[value]) for value in one.values)
    if one.field == "attribute":
        code = one.facet.removeprefix(ATTRIBUTE)
        answers = [value.removeprefix(f"{code}=") for value in one.values]
        return _any(Q(attributes__contains={code: answer}) for text in answers for answer in (text, *_BOOLEANS.get(text, ())))
    field = {"condition": "condition__in", "shop": "vendor__slug__in", "currency": "vendor__currency__in"}[one.field]
    return Q(**{field: one.values})


_BOOLEANS = {"yes": (True,), "no": (False,)}
