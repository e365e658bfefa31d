"""What a wall of goods shows of each listing. People look at walls most of all: one statement here, written by hand, and one for the prices."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import get_language

from core.money import Money
from marketplace.catalog.listings import terms
from marketplace.catalog.listings.models import Condition, HandOver, Listing, address_of
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.listings.terms import Asking, Shown
from marketplace.catalog.pictures import Picture

COLUMNS = """
SELECT l.id, l.reference, l.title, l.condition, l.place, l.state, l.language, l.hand_overs, l.sale_format, v.currency, l.published_at,
       v.name, v.slug, v.kind, coalesce(c.slug, ''), p.reference, p.folder, p.widths, p.width, p.height, p.alt
  FROM marketplace_listing l
  JOIN vendors_vendor v ON v.id = l.vendor_id
  LEFT JOIN marketplace_category c ON c.id = l.category_id
  LEFT JOIN LATERAL (SELECT * FROM marketplace_photo WHERE listing_id = l.id ORDER BY position, id LIMIT 1) p ON true
"""
ROWS = COLUMNS + " WHERE l.id = ANY(%s) OR l.reference = ANY(%s)"
ORDER = ("-published_at", "-pk")
NEWEST = COLUMNS + " WHERE l.state = 'published' AND v.state = 'active'"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class ListingCard:
    """What a wall of goods shows of one listing. `price` is None only while the seller has not named one."""

    reference: str
    title: str
    price: Money | None
    was: Money | None
    varies: bool
    min_quantity: int
    condition: str
    condition_words: str
    place: str
    vendor_name: str
    vendor_slug: str
    vendor_kind: str
    photo: Picture | None
    href: str
    state: str
    state_words: str
    language: str
    ships: bool
    pickup: bool
    category_slug: str


def of_references(references: Sequence[str], *, at: datetime) -> list[ListingCard]:
    """In the given order; unknown ones are left out."""
    found = {card.reference: card for card in _cards(_rows((), references), at).values()}
    return [found[reference] for reference in references if reference in found]


def of_keys(keys: Sequence[int], *, at: datetime) -> list[ListingCard]:
    """In the given order; unknown ones are left out."""
    found = _cards(_rows(keys, ()), at)
    return [found[key] for key in keys if key in found]


@dataclass(frozen=True)
class Place:
    """A card and where it stands among the newest: the names that ORDER tells."""

    card: ListingCard
    published_at: datetime
    pk: int


def newest(*, shop: str = "", beyond: Sequence[Any] | None, backwards: bool, limit: int, at: datetime) -> list[Place]:
    """What is for sale in the order of ORDER, turned round when `backwards`, from the place `beyond` on: the same cost for every page."""
    further, order = (">", "ASC") if backwards else ("<", "DESC")
    statement, values = NEWEST, list[Any]()
    if shop:
        statement, values = statement + " AND v.slug = %s", [shop]
    if beyond is not None:
        statement, values = f"{statement} AND (l.published_at, l.id) {further} (%s, %s)", [*values, *beyond]
    rows = _asked(f"{statement} ORDER BY l.published_at {order}, l.id {order} LIMIT %s", [*values, limit])
    made = _cards(rows, at)
    return [Place(made[row[0]], row[10], row[0]) for row in rows]


def of_row(row: Listing, asking: Asking | None, photo: Sequence[Any] | None) -> ListingCard:
    """The card of a listing that is at hand with its vendor, its category and the columns of its first photo."""
    vendor, category = row.vendor, row.category.slug if row.category else ""
    own = (row.pk, row.reference, row.title, row.condition, row.place, row.state, row.language, row.hand_overs)
    money = (row.sale_format, vendor.currency, row.published_at)
    told = (*own, *money, vendor.name, vendor.slug, vendor.kind, category, *(photo or (None,)))
    return _card(told, asking, default_storage.url(""), get_language())


def _rows(keys: Sequence[int], references: Sequence[str]) -> list[Row]:
    return _asked(ROWS, [list(keys), list(references)])


def _asked(statement: str, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Row] = cursor.fetchall()
    return rows


def _cards(rows: Collection[Row], at: datetime) -> dict[int, ListingCard]:
    asking: dict[int, Asking] = {}
    for code in {row[8] for row in rows}:
        asking |= terms.of(code).asking([Shown(row[0], row[9], row[10]) for row in rows if row[8] == code], at)
    media, reader = default_storage.url(""), get_language()
    return {row[0]: _card(row, asking.get(row[0]), media, reader) for row in rows}


def _card(row: Row, asking: Asking | None, media: str, reader: str | None) -> ListingCard:
    _key, reference, title, condition, place, state, language, offered, *_money, vendor_name, vendor_slug, vendor_kind, category = row[:15]
    photo, ways = row[15:], _decoded(offered)
    return ListingCard(
        reference=reference,
        title=title,
        price=asking.price if asking else None,
        was=asking.was if asking else None,
        varies=asking.varies if asking else False,
        min_quantity=asking.min_quantity if asking else 1,
        condition=condition,
        condition_words=_words(Condition, condition, reader),
        place=place,
        vendor_name=vendor_name,
        vendor_slug=vendor_slug,
        vendor_kind=vendor_kind,
        photo=picture(photo, media) if photo[0] else None,
        href=address_of(reference, title),
        state=state,
        state_words=_words(ListingState, state, reader),
        language=language,
        ships=HandOver.PARCEL in ways,
        pickup=HandOver.PICKUP in ways,
        category_slug=category,
    )


@lru_cache(maxsize=1_000)
def _words(choices: type[TextChoices], code: str, _language: str | None) -> str:
    """The label of a choice in the language that is active."""
    return str(choices(code).label) if code else ""


def picture(photo: Sequence[Any], media: str) -> Picture:
    """From the columns reference, folder, widths, width, height, alt."""
    reference, folder, widths, width, height, alt = photo
    sizes = {int(name): size for name, size in _decoded(widths).items()}
    return Picture(reference=reference, folder=media + folder.rstrip("/"), widths=sizes, width=width, height=height, alt=alt)


def _decoded(column: Any) -> Any:
    """A JSON column as the hand-written statement brings it (text) or as the model has it. Nobody changes what comes out."""
    return _read(column) if isinstance(column, str) else column


_read = lru_cache(maxsize=1_000)(json.loads)  # few ways and few sizes, told again and again
