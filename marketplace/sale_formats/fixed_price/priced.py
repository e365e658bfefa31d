"""Every variant on offer with its price table, in one statement written by hand: walls of goods and the search read it most of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from marketplace.sale_formats.fixed_price.pricing import Break, PriceTable, Special

ROWS = """
SELECT va.listing_id, va.id, va.on_hand > va.reserved, pr.price_minor, pr.min_quantity, pr.special_minor, pr.special_from, pr.special_until,
       (SELECT array_agg(ARRAY[b.min_quantity, b.price_minor] ORDER BY b.min_quantity) FROM marketplace_pricebreak b WHERE b.variant_id = va.id),
       v.currency, l.published_at
  FROM marketplace_variant va
  JOIN marketplace_price pr ON pr.variant_id = va.id
  JOIN marketplace_listing l ON l.id = va.listing_id
  JOIN vendors_vendor v ON v.id = l.vendor_id
 WHERE {condition}
 ORDER BY va.position, pr.id
"""


@dataclass(frozen=True, slots=True)
class Priced:
    """One variant on offer; `shown_since` is when buyers first saw its listing."""

    listing_id: int
    variant_id: int
    is_available: bool
    table: PriceTable
    currency: str
    shown_since: datetime | None


OF_LISTINGS = ROWS.format(condition="va.listing_id = ANY(%s) AND va.retired_at IS NULL")
OF_VARIANTS = ROWS.format(condition="va.id = ANY(%s)")


def of_listings(listing_ids: Sequence[int]) -> list[Priced]:
    """What they offer now."""
    return _read(OF_LISTINGS, listing_ids)


def of_variants(variant_ids: Sequence[int]) -> list[Priced]:
    """These, offered or not."""
    return _read(OF_VARIANTS, variant_ids)


def _read(statement: str, keys: Sequence[int]) -> list[Priced]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        rows = cursor.fetchall()
    return [
        Priced(listing_id, variant_id, available, PriceTable(price, least, _special(special), _breaks(breaks)), currency, since)
        for listing_id, variant_id, available, price, least, *special, breaks, currency, since in rows
    ]


def _special(columns: Sequence[object]) -> Special | None:
    return Special(*columns) if columns[0] is not None else None  # type: ignore[arg-type]


def _breaks(steps: Sequence[tuple[int, int]] | None) -> tuple[Break, ...]:
    return tuple(Break(quantity, price_minor) for quantity, price_minor in steps or ())
