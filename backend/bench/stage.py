"""Fills the throw-away market: the demo's people and shops, and a catalogue on their shelves, written in bulk (the import has its own figures)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from backend.bench.goods import Good
from backend.demo import settle
from backend.demo.people import SHOPS
from backend.demo.shelves import ways_of_delivery
from core.actors import Actor
from marketplace.catalog.categories import operations as categories
from marketplace.catalog.categories import queries as category_queries
from marketplace.catalog.categories.attributes import Attribute
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import Listing, ListingVersion, Variant
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.photos.models import Photo
from marketplace.sale_formats.fixed_price.models import Price, PriceChange
from search import operations as search
from vendors.models import Vendor

BATCH = 1000
ON_HAND = 1000
CONDITIONS = ("new", "like_new", "very_good", "good")
WIDTHS = {"320": 320, "800": 800, "1600": 1600}


@dataclass(frozen=True)
class Shelf:
    """What the clients need to know: which listings there are, what they are called, and what can be bought."""

    addresses: tuple[str, ...]
    titles: tuple[str, ...]
    variants: tuple[str, ...]
    sellers: dict[int, Actor]


@dataclass(frozen=True)
class _Place:
    category: Category
    asked: Sequence[Attribute]


def build(goods: Iterable[Good], *, at: datetime) -> Shelf:
    """People move in, shops that sell in euros open, goods are listed, the search knows them, the database has looked at its tables."""
    accounts = settle.people(at=at)
    vendors = settle.shops(accounts, at=at)
    shops, sellers = [], {}
    for shop in SHOPS:
        owner = accounts[shop.owner]
        ways_of_delivery(shop, vendors[shop.slug], owner.actor, at=at)
        vendor = settle.open_doors(vendors[shop.slug], owner, at=at)
        if shop.currency == "EUR" and any("FR" in countries for _name, countries, *_rest in shop.parcel):
            shops.append(vendor)
            sellers[vendor.pk] = owner.actor
    categories.plant()
    places = [_Place(leaf, category_queries.attributes_of(leaf)) for leaf in Category.objects.filter(numchild=0).order_by("path")]
    numbered, rows = iter(enumerate(goods)), []
    while batch := list(itertools.islice(numbered, BATCH)):
        rows += _shelve(batch, shops, places, at)
    search.rebuild(at=at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return Shelf(
        tuple(listing.href for listing, _ in rows), tuple(listing.title for listing, _ in rows), tuple(variant for _, variant in rows), sellers
    )


def _shelve(batch: Sequence[tuple[int, Good]], shops: Sequence[Vendor], places: Sequence[_Place], at: datetime) -> list[tuple[Listing, str]]:
    drafts = [_listing(number, good, shops[number % len(shops)], places[number % len(places)], at) for number, good in batch]
    with transaction.atomic():
        rows = Listing.objects.bulk_create(drafts)
        variants = Variant.objects.bulk_create(
            [Variant(listing=row, sku=good.sku, on_hand=ON_HAND) for row, (_, good) in zip(rows, batch, strict=True)]
        )
        prices = [Price(variant=variant, price_minor=good.price_minor) for variant, (_, good) in zip(variants, batch, strict=True)]
        Price.objects.bulk_create(prices)
        PriceChange.objects.bulk_create([PriceChange(variant=one.variant, at=at, price_minor=one.price_minor, actor_kind="system") for one in prices])
        Photo.objects.bulk_create([_photo(row, position, at) for row in rows for position in range(1 + row.pk % 2)])
        ListingVersion.objects.bulk_create([ListingVersion(listing=row, number=row.version, at=at, body=_kept(row)) for row in rows])
    return [(row, variant.reference) for row, variant in zip(rows, variants, strict=True)]


def _listing(number: int, good: Good, vendor: Vendor, place: _Place, at: datetime) -> Listing:
    moment = at - timedelta(seconds=number)
    return Listing(
        vendor=vendor,
        category=place.category,
        title=good.title,
        description=good.description,
        condition=CONDITIONS[number % len(CONDITIONS)],
        attributes={asked.code: _answer(asked, good, number) for asked in place.asked},
        hand_overs=["parcel", "pickup"] if number % 3 == 0 else ["parcel"],
        place=vendor.place,
        state=ListingState.PUBLISHED,
        created_at=moment,
        changed_at=moment,
        published_at=moment,
    )


def _answer(asked: Attribute, good: Good, number: int) -> str | bool:
    if asked.kind == "choice":
        return asked.choices[number % len(asked.choices)].code
    if asked.kind == "yes_no":
        return number % 2 == 0
    if asked.kind == "number":
        return str(number % 200 + 1)
    return good.brand or good.sku


def _photo(listing: Listing, position: int, at: datetime) -> Photo:
    folder = f"photos/{listing.reference}/{position}"
    return Photo(listing=listing, position=position, alt=listing.title, folder=folder, widths=WIDTHS, width=1600, height=1200, added_at=at)


def _kept(listing: Listing) -> dict[str, object]:
    seller = {"name": listing.vendor.name, "slug": listing.vendor.slug, "kind": listing.vendor.kind}
    return {"title": listing.title, "description": listing.description, "vendor": seller, "photos": [], "attributes": []}
