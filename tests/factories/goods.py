"""Shops with things to sell."""

from __future__ import annotations

import io
import itertools
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, lru_cache

from django.contrib.auth import get_user_model
from django.db import transaction
from PIL import Image

from accounts.models import User
from accounts.users import queries as users
from core.actors import Actor
from marketplace.catalog.categories import operations as categories
from marketplace.catalog.categories.models import AttributeDefinition, Category
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.photos import encoding
from marketplace.catalog.photos import operations as photos
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from vendors.models import Vendor
from vendors.profiles import operations as profiles

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SELLER = Actor("user", "SELLER000000", "Seller")
_numbers = itertools.count(1)


def person(email: str = "") -> User:
    user: User = get_user_model().objects.create_user(email or f"someone{next(_numbers)}@example.com", "correct horse battery")
    return user


def shop(owner: User | None = None, *, kind: str = "individual", country: str = "FR", currency: str = "EUR") -> Vendor:
    """An open shop."""
    owner = owner or person()
    number = next(_numbers)
    vendor = profiles.open(owner=owner, kind=kind, name=f"Shop {number}", country=country, currency=currency, at=NOON, actor=users.actor_of(owner))
    Vendor.objects.filter(pk=vendor.pk).update(state="active", place="Lyon", opened_at=NOON)
    vendor.refresh_from_db()
    return vendor


def tree() -> None:
    if not Category.objects.exists():
        Category.objects.bulk_create(_planted()[0])
        AttributeDefinition.objects.bulk_create(_planted()[1])


@cache
def _planted() -> tuple[list[Category], list[AttributeDefinition]]:
    """The rows of a tree that was planted once, in this process's database, and is not there any more."""
    with suppress(_Undone), transaction.atomic():
        categories.plant()
        rows = list(Category.objects.all()), list(AttributeDefinition.objects.all())
        raise _Undone
    return rows


class _Undone(Exception):
    pass


def category(slug: str) -> Category:
    tree()
    return Category.objects.get(slug=slug)


def picture(width: int = 640, height: int = 480, colour: str = "#c65f43", form: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, form)
    return written.getvalue()


@lru_cache(maxsize=1)
def encoded() -> encoding.Encoded:
    return encoding.encode(picture())


def draft(vendor: Vendor | None = None, *, title: str = "Jointed desk lamp, 1962", **content: object) -> Listing:
    """A draft that lacks nothing but being published: lighting, 45.00, one piece, one photo."""
    vendor = vendor or shop()
    values = {"category": category("lighting"), "condition": "very_good", "attributes": {"place": "table"}, **content}
    listing = listings.draft(vendor=vendor, actor=SELLER, at=NOON, content=Content(title=title, **values))  # type: ignore[arg-type]
    photos.add_encoded(listing=listing, encoded=encoded(), actor=SELLER, at=NOON, alt="The lamp")
    return listing


def offer(listing: Listing, *, price_minor: int = 4500, on_hand: int = 1, **price: object) -> Listing:
    """Price and stock for a listing with one plain variant."""
    variant = listing.variants.offered().get()
    row = VariantOffer(
        variant=fixed_price.VariantDraft(reference=variant.reference),
        price=PriceDraft(price_minor, **price),  # type: ignore[arg-type]
        on_hand=on_hand,
    )
    return fixed_price.edit(listing=listing, actor=SELLER, at=NOON, offers=[row])


def published(vendor: Vendor | None = None, *, title: str = "Jointed desk lamp, 1962", **price: object) -> Listing:
    listing = offer(draft(vendor, title=title), **price)  # type: ignore[arg-type]
    return listings.publish(listing=listing, actor=SELLER, at=NOON)
