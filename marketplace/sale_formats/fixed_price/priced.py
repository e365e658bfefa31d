"""Every variant on offer with its price table, in one statement written by hand: walls of goods and the search read it most of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.sql import fetch
from marketplace.catalog.listings.terms import Shown
from marketplace.sale_formats.fixed_price.pricing import Break, PriceTable, Special

TABLE = """va.listing_id, va.id, va.on_hand > va.reserved, pr.price_minor, pr.min_quantity, pr.special_minor, pr.special_from, pr.special_until,
       (SELECT array_agg(ARRAY[b.min_quantity, b.price_minor] ORDER BY b.min_quantity) FROM marketplace_pricebreak b WHERE b.variant_id = va.id)"""
OF_LISTINGS = f"""
SELECT {TABLE}
  FROM marketplace_variant va
  JOIN marketplace_price pr ON pr.variant_id = va.id
 WHERE va.listing_id = ANY(%s) AND va.retired_at IS NULL
 ORDER BY va.position, pr.id
"""  # noqa: S608  # our own columns
OF_VARIANTS = f"""
SELECT {TABLE}, v.currency, l.published_at
  FROM marketplace_variant va
  JOIN marketplace_price pr ON pr.variant_id = va.id
  JOIN marketplace_listing l ON l.id = va.listing_id
  JOIN vendors_vendor v ON v.id = l.vendor_id
 WHERE va.id = ANY(%s)
 ORDER BY va.position, pr.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Priced:
    """One variant on offer; `shown_since` is when buyers first saw its listing."""

    listing_id: int
    variant_id: int
    is_available: bool
    table: PriceTable
    currency: str
    shown_since: datetime | None


def of_listings(listings: Sequence[Shown]) -> list[Priced]:
    """What they offer now. Who asks has their shops at hand, so that two tables need not be joined."""
    shown = {one.key: (one.currency, one.since) for one in listings}
    return [_priced(row, *shown[row[0]]) for row in _rows(OF_LISTINGS, list(shown))]


def of_variants(variant_ids: Sequence[int]) -> list[Priced]:
    """These, offered or not."""
    return [_priced(row, currency, since) for *row, currency, since in _rows(OF_VARIANTS, list(variant_ids))]


def _rows(statement: str, keys: list[int]) -> list[tuple[Any, ...]]:
    if len(keys) == 1:  # of an array the database makes a new plan each time
        return fetch(statement.replace("= ANY(%s)", "= %s"), keys)
    return fetch(statement, [keys])


def _priced(row: Sequence[Any], currency: str, since: datetime | None) -> Priced:
    listing_id, variant_id, available, price, least, *special, breaks = row
    return Priced(listing_id, variant_id, available, PriceTable(price, least, _special(special), _breaks(breaks)), currency, since)


def _special(columns: Sequence[object]) -> Special | None:
    return Special(*columns) if columns[0] is not None else None  # type: ignore[arg-type]


def _breaks(steps: Sequence[tuple[int, int]] | None) -> tuple[Break, ...]:
    return tuple(Break(quantity, price_minor) for quantity, price_minor in steps or ())
