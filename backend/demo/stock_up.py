"""Shops put their things on the shelves: drafts, photos, prices, stock, and out they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from backend.demo.darkroom import Shot
from backend.demo.goods import THINGS, Choice, Thing
from core.actors import Actor
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.photos.encoding import Encoded
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from marketplace.sale_formats.fixed_price.pricing import Break
from vendors.models import Vendor


def shots() -> Iterator[Shot]:
    """Every photo that the things of the market need."""
    for thing in THINGS:
        yield from _shots_of(thing)


def _shots_of(thing: Thing) -> list[Shot]:
    kind, look = thing.picture
    return [(kind, look, view) for view in range(thing.photos)]


def shelve(
    vendors: Mapping[str, Vendor], owners: Mapping[str, Actor], developed: Mapping[Shot, Encoded], *, at: datetime
) -> list[tuple[Thing, Listing]]:
    """List every thing, each an hour and a bit later than the one before, the last one shortly before `at`."""
    categories = {category.slug: category for category in Category.objects.all()}
    begin, step = at - timedelta(days=40), timedelta(days=40) / (len(THINGS) + 1)
    order = sorted(range(len(THINGS)), key=lambda index: (index * 7) % len(THINGS))  # newest first is then a mixed wall
    return [
        (
            THINGS[index],
            _list(THINGS[index], vendors[THINGS[index].shop], owners[THINGS[index].shop], categories, developed, begin + place * step, at),
        )
        for place, index in enumerate(order)
    ]


def _list(
    thing: Thing,
    vendor: Vendor,
    actor: Actor,
    categories: Mapping[str, Category],
    developed: Mapping[Shot, Encoded],
    at: datetime,
    today: datetime,
) -> Listing:
    content = Content(
        title=thing.title,
        description=thing.words,
        language=thing.language,
        category=categories[thing.category],
        condition=thing.condition,
        attributes=dict(thing.asks),
        hand_overs=thing.hand_overs,
        place=vendor.place,
    )
    listing = listings.draft(vendor=vendor, actor=actor, at=at, content=content)
    for shot in _shots_of(thing):
        photos.add_encoded(listing=listing, encoded=developed[shot], actor=actor, at=at, alt=thing.title if shot[2] == 0 else "")
    offers = [_offer(thing, choice, at, today) for choice in thing.choices or (Choice({}, thing.stock),)]
    return fixed_price.edit(listing=listing, actor=actor, at=at, offers=offers, publish=True)


def _offer(thing: Thing, choice: Choice, at: datetime, today: datetime) -> VariantOffer:
    special, days = thing.special or (None, 0)
    price = PriceDraft(
        price_minor=choice.price or thing.price,
        min_quantity=thing.minimum,
        special_minor=special,
        special_from=at + timedelta(days=1) if special else None,
        special_until=today + timedelta(days=days) if special else None,
        breaks=tuple(Break(quantity, amount) for quantity, amount in thing.breaks),
    )
    return VariantOffer(variant=VariantDraft(options=choice.options), price=price, on_hand=choice.stock)
