"""What the page of one listing reads of the catalogue: one statement, written by hand, because search engines and visitors open it most of all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from django.db import connection
from django.db.models import Model

from core.rows import columns_of, row_of, width_of
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.states import ON_SHOW
from vendors.models import Vendor
from vendors.policies.models import Policy

TABLES: tuple[tuple[str, type[Model]], ...] = (("l", Listing), ("v", Vendor), ("c", Category), ("y", Policy))
ROW = f"""
SELECT {", ".join(columns_of(model, alias) for alias, model in TABLES)},
       (SELECT json_agg(json_build_array(p.reference, p.folder, p.widths, p.width, p.height, p.alt) ORDER BY p.position, p.id)
          FROM marketplace_photo p WHERE p.listing_id = l.id),
       (SELECT json_agg(json_build_array(va.id, va.reference, va.sku, va.options, va.on_hand - va.reserved) ORDER BY va.position, va.id)
          FROM marketplace_variant va WHERE va.listing_id = l.id AND va.retired_at IS NULL)
  FROM marketplace_listing l
  JOIN vendors_vendor v ON v.id = l.vendor_id
  LEFT JOIN marketplace_category c ON c.id = l.category_id
  LEFT JOIN vendors_policy y ON y.vendor_id = v.id
 WHERE l.reference = %s AND l.state = ANY(%s) AND v.state IN ('active', 'paused')
"""  # noqa: S608  # our own names
ENDS = tuple(accumulate((width_of(model) for _alias, model in TABLES), initial=0))


@dataclass(frozen=True)
class Found:
    """The listing with its vendor, the vendor's policy and its category; photos as `cards.picture` takes them; variants on offer."""

    listing: Listing
    photos: Sequence[Sequence[Any]]
    variants: Sequence[tuple[int, str, str, dict[str, str], int]]


def on_show(reference: str) -> Found | None:
    """As `Listing.objects.on_show()` says: None for what strangers may not open."""
    with connection.cursor() as cursor:
        cursor.execute(ROW, [reference, list(ON_SHOW)])
        row = cursor.fetchone()
    if row is None:
        return None
    *_parts, photos, variants = row
    parts = [row[begin:end] for begin, end in pairwise(ENDS)]
    listing, vendor = row_of(Listing, parts[0]), row_of(Vendor, parts[1])
    listing.vendor = vendor
    listing.category = row_of(Category, parts[2]) if parts[2][0] is not None else None
    vendor.policy = row_of(Policy, parts[3]) if parts[3][0] is not None else Policy(vendor=vendor)
    return Found(listing, _decoded(photos), _decoded(variants))


def _decoded(column: str | list[Any] | None) -> list[Any]:
    return json.loads(column) if isinstance(column, str) else column or []
