from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files.storage import storages
from django.db.models import Count, QuerySet

from core.money import Money
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import label_of
from marketplace.catalog.listings.variants import LONGEST_WORD
from marketplace.importing import chunks, columns, tables, words
from marketplace.importing.chunks import Comparison, Reading, Seen
from marketplace.importing.models import Import, ImportProblem
from marketplace.importing.states import PictureState
from marketplace.importing.tables import Form, Unreadable, guarded
from marketplace.importing.terms import Terms
from marketplace.importing.wishes import CategoryBook
from vendors.models import Vendor

PREVIEWED = 8


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would become: `outcome` is created, changed, unchanged or failed."""

    line: int
    outcome: str
    sku: str = ""
    title: str = ""
    price: Money | None = None
    on_hand: int | None = None
    category: Category | None = None
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    rows: tuple[PreviewRow, ...]
    samples: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Pictures:
    waiting: int = 0
    fetched: int = 0
    refused: int = 0


def of_vendor(vendor: Vendor) -> QuerySet[Import]:
    return Import.objects.filter(vendor=vendor).select_related("vendor")


def problems_of(batch: Import) -> QuerySet[ImportProblem]:
    return batch.problems.all()


def pictures_of(batch: Import) -> Pictures:
    counts = dict(batch.pictures.order_by().values_list("state").annotate(count=Count("pk")))
    return Pictures(**{state: counts.get(state, 0) for state in PictureState.values})


def reading_of(batch: Import) -> Reading:
    terms = Terms.from_json(batch.terms)
    return Reading(batch.vendor, terms, batch.mapping, terms.prices == "cents", book_of(batch))


def book_of(batch: Import) -> CategoryBook:
    """One for as long as this object of the import is in use."""
    if "category_book" not in batch.__dict__:
        batch.__dict__["category_book"] = CategoryBook()
    book: CategoryBook = batch.__dict__["category_book"]
    return book


def preview(batch: Import, *, at: datetime) -> Preview:
    """The first rows as they would become listings, with today's columns and terms."""
    try:
        with storages["private"].open(batch.file) as file:
            return _preview(batch, cast(BinaryIO, file), at)
    except FileNotFoundError:
        return Preview((), {}, words.FileRefused("gone").message)
    except Unreadable as unreadable:
        return Preview((), {}, words.refused(unreadable).message)


def _preview(batch: Import, file: BinaryIO, at: datetime) -> Preview:
    seen = Seen()
    with tables.opened(file, Form(**batch.form)) as table:
        rows = list(itertools.islice(table.rows, PREVIEWED))
    samples = {column: next((row.cells[column][:80] for row in rows if row.cells.get(column)), "") for column in batch.mapping}
    found = chunks.compare([(row, seen.note(row, batch.mapping)) for row in rows], reading_of(batch), at=at)
    shown = {row.line: row for row in _shown(found, batch.vendor)}
    unchanged = [
        PreviewRow(row.line, "unchanged", row.cells.get(_column(batch, "sku"), ""), row.cells.get(_column(batch, "title"), "")) for row in rows
    ]
    return Preview(tuple(shown.get(row.line, row) for row in unchanged), samples)


def _column(batch: Import, field: str) -> str:
    return next((column for column, name in batch.mapping.items() if name == field), "")


def _shown(found: Comparison, vendor: Vendor) -> Iterator[PreviewRow]:
    for new in found.fresh:
        price = Money(new.price_minor, vendor.currency)
        yield PreviewRow(new.wish.line, "created", new.wish.sku, new.listing.title, price, new.on_hand, new.listing.category)
    for joining in found.joining:
        title = " · ".join(filter(None, (joining.listing.title, label_of(joining.wish.options))))
        price = Money(joining.price_minor, vendor.currency)
        yield PreviewRow(joining.wish.line, "created", joining.wish.sku, title, price, joining.on_hand, joining.listing.category)
    for one in found.changes:
        listing = one.variant.listing
        minor = one.price_minor if one.price_minor is not None else one.variant.price.price_minor if hasattr(one.variant, "price") else None
        price_now = Money(minor, vendor.currency) if minor is not None else None
        on_hand = one.on_hand if one.on_hand is not None else one.variant.on_hand
        title = one.wish.content.get("title", listing.title)
        yield PreviewRow(one.wish.line, "changed", one.variant.sku, title, price_now, on_hand, listing.category)
    for error in found.errors:
        yield PreviewRow(error.line, "failed", error.sku, reason=error.sentence)


def choices_of(batch: Import) -> Sequence[tuple[str, str]]:
    """What a column of this table may be: the fields, and what the category of the table asks."""
    book = book_of(batch)
    category = Terms.from_json(batch.terms).category
    asked = book.asked_of(book.find(category)) if category else []
    return [
        *((name, str(words.FIELDS[name])) for name in columns.FIELDS),
        *((f"{columns.ANSWER}{one.code}", one.label(batch.language)) for one in asked),
        *((choice, str(words.CHOICE).format(name=choice.removeprefix(columns.OPTION))) for choice in _choices_in(batch)),
    ]


def _choices_in(batch: Import) -> list[str]:
    """Any column may be what variants differ by; those that were guessed under a shorter name keep it."""
    guessed = [field for field in batch.mapping.values() if field.startswith(columns.OPTION)]
    return list(dict.fromkeys([*guessed, *(f"{columns.OPTION}{column}" for column in batch.mapping if 0 < len(column) <= LONGEST_WORD)]))


def problem_lines(batch: Import) -> Iterator[str]:
    """Everything there is to say about the rows and pictures, as lines of CSV that no spreadsheet executes."""
    writer = csv.writer(_Echo())
    yield writer.writerow(["line", "kind", "sku", "column", "reason"])
    for one in batch.problems.iterator():
        yield writer.writerow([one.line, one.kind, guarded(one.sku), one.field, guarded(one.sentence)])
    refused = batch.pictures.filter(state=PictureState.REFUSED).select_related(None).order_by("line", "pk")
    for picture in refused.iterator():
        yield writer.writerow([picture.line, "note", "", guarded(picture.address), str(words.PICTURES.get(picture.why, picture.why))])


class _Echo:
    """Hands each written line back."""

    def write(self, line: str) -> str:
        return line
