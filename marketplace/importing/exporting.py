"""A shop's listings as a table that comes back as it went: a row for each variant, known by its Souk reference."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import IO

from core.money import Money
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.listings.states import REMOVED
from marketplace.importing.models import ImportPicture
from marketplace.importing.tables import guarded
from marketplace.importing.wishes import options_as_text
from vendors.models import Vendor

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
COLUMNS = (
    "souk_reference", "sku", "title", "description", "price", "currency", "stock", "category", "condition", "language",
    "delivery", "place", "attributes", "image_url", "group", "options", "listing_state",
)  # fmt: skip
"""The last one is for people: an import leaves it out."""
BATCH = 500


def write_csv(*, vendor: Vendor, file: IO[bytes]) -> None:
    """With the mark by which office programs know UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(vendor))
    text.detach()


def write_xlsx(*, vendor: Vendor, file: IO[bytes]) -> None:
    """Everything as text: a price that turns into a number would lose its cents when it is a round one."""
    import openpyxl  # a large library, for the few who ask for this kind
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("listings")
    sheet.append(list(COLUMNS))
    for row in rows_of(vendor):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    book.save(file)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


def rows_of(vendor: Vendor) -> Iterator[list[str]]:
    """In batches by key, so that a large shop never stands in memory as a whole."""
    offered = Variant.objects.offered().filter(listing__vendor=vendor).exclude(listing__state=REMOVED)
    known = offered.select_related("listing__category", "price").order_by("pk")
    last = 0
    while batch := list(known.filter(pk__gt=last)[:BATCH]):
        addresses: dict[int, list[str]] = {}
        for listing, address in ImportPicture.objects.filter(listing__in=[v.listing_id for v in batch]).values_list("listing_id", "address"):
            addresses.setdefault(listing, []).append(address)
        for variant in batch:
            yield [guarded(cell) for cell in _cells(variant, vendor.currency, addresses.get(variant.listing_id, []))]
        last = batch[-1].pk


def _cells(variant: Variant, currency: str, addresses: list[str]) -> list[str]:
    listing, price = variant.listing, getattr(variant, "price", None)
    return [
        variant.reference,
        variant.sku,
        listing.title,
        listing.description,
        Money(price.price_minor, currency).plain() if price else "",
        currency,
        str(variant.on_hand),
        listing.category.slug if listing.category else "",
        listing.condition,
        listing.language,
        ",".join(listing.hand_overs),
        listing.place,
        json.dumps(listing.attributes, ensure_ascii=False, sort_keys=True) if listing.attributes else "",
        " ".join(addresses),
        listing.table_group or (listing.reference if variant.options else ""),
        options_as_text(variant.options),
        listing.state,
    ]
