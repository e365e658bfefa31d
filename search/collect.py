"""Reads listings from the database as documents: a constant number of queries per batch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from core.money import Money
from marketplace.catalog.categories.models import AttributeDefinition, Category
from marketplace.catalog.listings import terms
from marketplace.catalog.listings.models import Listing
from marketplace.sale_formats.fixed_price.models import Price
from search.documents import ListingDocument

BATCH = 500
YES_NO = {True: "yes", False: "no"}
EPOCH = 1_577_836_800  # 2020-01-01: newness is counted from here


def documents_of(listing_ids: Collection[int], *, at: datetime) -> list[ListingDocument]:
    """The documents of those listings that are for sale now; the others are simply not among them."""
    listings = list(Listing.objects.for_sale().filter(pk__in=listing_ids).prefetch_related("vendor", "category").order_by("pk"))
    return _documents(listings, at) if listings else []


def all_documents(*, at: datetime) -> Iterator[ListingDocument]:
    """Everything for sale, in batches by key."""
    last = 0
    while listings := list(Listing.objects.for_sale().filter(pk__gt=last).prefetch_related("vendor", "category").order_by("pk")[:BATCH]):
        yield from _documents(listings, at)
        last = listings[-1].pk


def prices_of(listings: Sequence[Listing], *, at: datetime) -> dict[int, Money]:
    """Listing id → the lowest price asked now, as each sale format says."""
    prices: dict[int, Money] = {}
    for code in {listing.sale_format for listing in listings}:
        shown = [terms.Shown(row.pk, row.vendor.currency, row.published_at) for row in listings if row.sale_format == code]
        asking = terms.of(code).asking(shown, at)
        prices |= {listing_id: one.price for listing_id, one in asking.items()}
    return prices


def repriced_between(after: datetime, until: datetime) -> list[int]:
    """Listings whose price changed by the clock alone: a special period began or ended."""
    began = Q(special_from__gt=after, special_from__lte=until)
    ended = Q(special_until__gt=after, special_until__lte=until)
    return sorted(set(Price.objects.filter(began | ended).values_list("variant__listing_id", flat=True)))


def _documents(listings: Sequence[Listing], at: datetime) -> list[ListingDocument]:
    prices = prices_of(listings, at=at)
    categories = {category.path: category for category in Category.objects.all()}
    asked: dict[str, list[AttributeDefinition]] = {}
    for definition in AttributeDefinition.objects.select_related("category"):
        asked.setdefault(definition.category.path, []).append(definition)
    return [
        _document(listing, prices[listing.pk], [categories[path] for path in lineage_of(listing)], asked)
        for listing in listings
        if listing.pk in prices
    ]


def lineage_of(listing: Listing) -> list[str]:
    return listing.category.lineage if listing.category else []


def _document(listing: Listing, price: Money, lineage: Sequence[Category], asked: dict[str, list[AttributeDefinition]]) -> ListingDocument:
    definitions = {one.code: one for category in lineage for one in asked.get(category.path, ())}
    answers = [(definitions[code], answer) for code, answer in listing.attributes.items() if code in definitions]
    names = [name for category in lineage for name in category.names.values()]
    return ListingDocument(
        key=listing.pk,
        reference=listing.reference,
        title=listing.title,
        description=listing.description,
        details=" ".join([*names, listing.vendor.name, *(words for one, answer in answers for words in in_words(one, answer))]),
        categories=tuple(category.slug for category in lineage),
        condition=listing.condition,
        hand_overs=tuple(listing.hand_overs),
        shop=listing.vendor.slug,
        currency=price.currency,
        price_minor=price.amount_minor,
        published_seconds=int(listing.published_at.timestamp()) - EPOCH if listing.published_at else 0,
        attributes=tuple((one.code, filter_value(answer)) for one, answer in answers if one.filterable),
    )


def filter_value(answer: object) -> str:
    """An answer as a filter names it."""
    return YES_NO[answer] if isinstance(answer, bool) else str(answer)


def in_words(definition: AttributeDefinition, answer: object) -> list[str]:
    """The words an answer can be found by: a choice by its label in every language, a yes or no by none."""
    if isinstance(answer, bool):
        return []
    if definition.kind == AttributeDefinition.Kind.CHOICE:
        return [label for choice in definition.choices if choice["code"] == answer for label in choice["labels"].values()]
    return [f"{answer} {definition.unit}".strip()]
