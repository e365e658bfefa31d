"""Tables as sellers bring them, and the shop they bring them to."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any, BinaryIO

import openpyxl

from core import clock
from core.actors import SYSTEM
from marketplace.importing import operations
from marketplace.importing.models import Import
from marketplace.importing.terms import Terms
from tests.factories.goods import tree
from vendors.models import Vendor

HEADER = ["sku", "title", "price", "stock"]


def written(*rows: list[Any], header: list[str] | None = None, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header or HEADER, *rows])
    return text.getvalue().encode(encoding)


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the same bytes in every process: they name tests


def sheet(*rows: list[Any], header: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in [header or HEADER, *rows]:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def prepared(vendor: Vendor, data: bytes | BinaryIO, *, columns: dict[str, str] | None = None, **terms: Any) -> tuple[Import, BinaryIO]:
    tree()
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    given = Terms(**{"currency": vendor.currency, "category": "computers", **terms})
    batch = operations.prepare(vendor=vendor, name="table.csv", file=file, terms=given, at=clock.now(), corrections=columns)
    return batch, file


def taken_in(vendor: Vendor, data: bytes | BinaryIO, **terms: Any) -> Import:
    """The whole way of a command."""
    batch, file = prepared(vendor, data, **terms)
    batch = operations.begin(batch=batch, actor=SYSTEM, at=clock.now())
    return operations.run(batch=batch, file=file, now=clock.now)


def tally(batch: Import) -> tuple[int, int, int, int]:
    return batch.created, batch.changed, batch.unchanged, batch.failed


def reasons(batch: Import) -> list[tuple[int, str]]:
    return [(one.line, one.field) for one in batch.problems.filter(kind="error")]
