"""Shops put their things on the shelves: drafts, photos, prices, stock, and out they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from backend.demo.album import FRAME, Album
from backend.demo.darkroom import Shot
from backend.demo.goods import SERIES, THINGS, Choice, Thing
from backend.demo.people import Shop
from core.actors import Actor
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.photos import operations as photos
from marketplace.fulfilment.kinds.pickup import operations as pickups
from marketplace.fulfilment.kinds.pickup.operations import PlaceDraft
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping.operations import MethodDraft
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from marketplace.sale_formats.fixed_price.pricing import Break
from vendors.models import Vendor


def shots() -> Iterator[Shot]:
    """Every photo that the things of the market need."""
    for thing in (*THINGS, *SERIES):
        yield from shots_of(thing)


def shots_of(thing: Thing) -> list[Shot]:
    kind, look = thing.picture
    return [(kind, look, view) for view in range(thing.photos)]


def ways_of_delivery(shop: Shop, vendor: Vendor, actor: Actor, *, at: datetime) -> None:
    """The shop's parcels and its place for pickup."""
    for name, countries, base, each_more, free_from in shop.parcel:
        draft = MethodDraft(name, countries, base, each_more, free_from, days_min=2, days_max=5)
        shipping.add_method(vendor=vendor, draft=draft, actor=actor, at=at)
    if shop.pickup:
        place, hours = shop.pickup
        street, _comma, city = place.partition(", ")
        draft_place = PlaceDraft(name=shop.name, street=street, city=city or shop.place, country=shop.country, hours=hours)
        pickups.add_place(vendor=vendor, draft=draft_place, actor=actor, at=at)


def shelve(
    things: Sequence[Thing],
    vendors: Mapping[str, Vendor],
    owners: Mapping[str, Actor],
    album: Album,
    *,
    since: datetime,
    until: datetime,
    today: datetime,
) -> list[tuple[Thing, Listing]]:
    """List every thing, one after the other between `since` and `until`; a special price runs so many days from `today`."""
    categories = {category.slug: category for category in Category.objects.all()}
    step = (until - since) / (len(things) + 1)
    order = sorted(range(len(things)), key=lambda index: (index * 7) % len(things))  # newest first is then a mixed wall
    listed = []
    for place, index in enumerate(order, start=1):
        thing = things[index]
        listing = _list(thing, vendors[thing.shop], owners[thing.shop], categories, album, since + place * step, today)
        listed.append((thing, listing))
    return listed


def _list(
    thing: Thing,
    vendor: Vendor,
    actor: Actor,
    categories: Mapping[str, Category],
    album: Album,
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
    for shot in shots_of(thing):
        photos.put_up(listing=listing, folder=album.hang(shot), frame=FRAME, at=at, alt=thing.title if shot[2] == 0 else "")
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
