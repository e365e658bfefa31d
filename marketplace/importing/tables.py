"""Opens whatever a seller calls a table: CSV in any encoding and with any delimiter, packed CSV, XLSX. Streams; no Django.

Refuses with Unreadable(why); the sentences are in `words`. Nothing here believes the file's name or its own claims about its size.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, BinaryIO, cast
from xml.etree.ElementTree import ParseError

import charset_normalizer

if TYPE_CHECKING:
    import openpyxl

LARGEST_FILE = 100 * 1024 * 1024  # as it arrives
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_SHARED = 64 * 1024 * 1024  # the one part of an XLSX that has to be in memory
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LAST_LINE = 1_048_576  # of any sheet: one that claims a later line would be read for ever
LONGEST_CELL = 100_000
SAMPLE_BYTES = 256 * 1024
DELIMITERS = ",;\t|"
KINDS = ("csv", "csv.gz", "xlsx")
OTHERS = {"picture": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*"), "pdf": (b"%PDF",), "document": (b"{\\rtf",)}
csv.field_size_limit(1024 * 1024)


class Unreadable(Exception):
    """`why`: empty | not_a_table | too_large | too_many_rows | too_many_columns | damaged | no_header | no_delimiter | encoding,
    or what it is instead: picture | pdf | document | markup."""

    def __init__(self, why: str, **params: object) -> None:
        super().__init__(why)
        self.why = why
        self.params = params


@dataclass(frozen=True)
class Form:
    """How a file is to be read. Empty encoding and delimiter for XLSX."""

    kind: str
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class Row:
    """A row by its columns' names. `line` is where a person finds it in the file."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: Iterator[Row]


def detect(file: BinaryIO, *, delimiter: str = "", encoding: str = "") -> Form:
    """What kind of table this is, looking at its bytes. Leaves the file at its beginning."""
    file.seek(0, io.SEEK_END)
    if file.tell() > LARGEST_FILE:
        raise Unreadable("too_large")
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return Form("xlsx")
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("not_a_table")
    kind = "csv.gz" if head.startswith(b"\x1f\x8b") else "csv"
    with _unpacked(file, kind) as plain:
        sample = plain.read(SAMPLE_BYTES)
    file.seek(0)
    _refuse_others(sample)
    encoding = _known_encoding(encoding) or _encoding_of(sample)
    text = _decoded(sample, encoding)
    return Form(kind, encoding, delimiter or _delimiter_of(text))


def _refuse_others(sample: bytes) -> None:
    """Files that people take for their table by mistake, and that could be read as one with a single column."""
    for why, beginnings in OTHERS.items():
        if sample.startswith(beginnings):
            raise Unreadable(why)
    if sample.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<svg", b"<?xml", b"<!doctype", b"<html", b"<!--")):
        raise Unreadable("markup")


def _known_encoding(name: str) -> str:
    if not name:
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise Unreadable("encoding") from None


def _encoding_of(sample: bytes) -> str:
    if not sample.strip(b"\xef\xbb\xbf\r\n\t ,;\xff\xfe\x00"):
        raise Unreadable("empty")
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in sample:
        raise Unreadable("not_a_table")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return _guessed(sample)
    return "utf-8"


def _guessed(sample: bytes) -> str:
    """Not UTF-8: what offices write in Europe and China. Control characters mean that it is no text at all."""
    if sum(byte < 9 or 13 < byte < 32 for byte in sample) * 100 > len(sample):
        raise Unreadable("not_a_table")
    best = charset_normalizer.from_bytes(sample[:65_536], cp_isolation=["cp1252", "gb18030", "big5", "shift_jis", "cp1250", "cp1251"]).best()
    if best is None:
        raise Unreadable("not_a_table")
    return best.encoding


def _decoded(sample: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


def _delimiter_of(text: str) -> str:
    """The one that cuts the first lines into the same number of pieces, and into the most of them."""
    whole = text[: text.rfind("\n") + 1] or text
    best, most = ",", 0
    for candidate in DELIMITERS:
        try:
            rows = [row for row, _ in zip(csv.reader(io.StringIO(whole, newline=""), delimiter=candidate), range(20), strict=False) if row]
        except csv.Error:
            continue
        pieces = len(rows[0]) if rows else 0
        steady = sum(len(row) == pieces for row in rows)
        if pieces > 1 and pieces * steady > most:
            best, most = candidate, pieces * steady
    return best


@contextmanager
def opened(file: BinaryIO, form: Form) -> Iterator[Table]:
    """The table from its beginning. Rows stream; Unreadable may also come while they do."""
    file.seek(0)
    try:
        if form.kind == "xlsx":
            with _sheet(file) as lines:
                yield _table(lines)
        else:
            with _unpacked(file, form.kind) as plain:
                text = io.TextIOWrapper(io.BufferedReader(cast(io.RawIOBase, _Bounded(plain))), encoding=form.encoding, errors="replace", newline="")
                yield _table(_csv_lines(text, form.delimiter))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ParseError, KeyError, UnicodeError) as broken:
        if isinstance(broken, FileNotFoundError):
            raise
        raise Unreadable("damaged") from broken


def _table(lines: Iterator[tuple[int, list[str]]]) -> Table:
    for _line, cells in lines:
        if any(cells):
            return Table(_columns(cells), _rows(lines, _columns(cells)))
    raise Unreadable("empty")


def _columns(cells: list[str]) -> tuple[str, ...]:
    """The header's names, made different from each other where they are not."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise Unreadable("too_many_columns")
    named: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:80] or f"#{place}"
        named.append(name if name not in named else f"{name} ({place})")
    return tuple(named)


def _rows(lines: Iterable[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    count = 0
    for line, cells in lines:
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable("too_many_rows")
        yield Row(line, dict(zip(columns, cells, strict=False)))


def _csv_lines(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=delimiter or ",")
    try:
        line = 1
        for cells in reader:
            yield line, [cleaned(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as broken:
        raise Unreadable("damaged") from broken


@contextmanager
def _unpacked(file: BinaryIO, kind: str) -> Iterator[BinaryIO]:
    if kind != "csv.gz":
        yield file
        return
    with gzip.GzipFile(fileobj=file) as plain:
        try:
            yield plain  # type: ignore[misc]
        except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
            raise Unreadable("damaged") from broken


class _Bounded(io.RawIOBase):
    """Passes bytes on until the limit: a packed file may be a bomb."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._left = LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        data = self._inner.read(min(len(target), 1 << 16))
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("too_large")
        target[: len(data)] = data
        return len(data)


@contextmanager
def _sheet(file: BinaryIO) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The first sheet, streamed. zipfile never unpacks more than a part's stated size, so the stated sizes are the guard."""
    with zipfile.ZipFile(file) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
        if sum(sizes.values()) > LARGEST_UNPACKED or sizes.get("xl/sharedStrings.xml", 0) > LARGEST_SHARED or len(sizes) > 5000:
            raise Unreadable("too_large")
        if "xl/workbook.xml" not in sizes:
            raise Unreadable("not_a_table")
    file.seek(0)
    import openpyxl  # a large library, for the few who bring this kind
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, ValueError, TypeError, AttributeError, IndexError) as broken:  # what openpyxl raises on parts it did not expect
        raise Unreadable("damaged") from broken
    try:
        if not book.worksheets:
            raise Unreadable("empty")
        yield _sheet_lines(book.worksheets[0])
    finally:
        book.close()


def _sheet_lines(sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
            if line > LAST_LINE:
                raise Unreadable("damaged")
            yield line, [] if values.count(None) == len(values) else [cleaned(_written(value)) for value in values]
    except (ValueError, TypeError, AttributeError, IndexError) as broken:
        raise Unreadable("damaged") from broken


def _written(value: object) -> str:
    """A cell as the seller sees it: numbers without a float's tail, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def cleaned(text: str) -> str:
    """Without its margins and our guard; a NUL, which no database keeps, becomes the sign for what cannot be read."""
    return unguarded(text.strip()).replace("\x00", "\ufffd")


GUARD = "'"
_RISKY = ("=", "+", "-", "@", "\t", "\r", GUARD)


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: one apostrophe in front of what looks like one."""
    return GUARD + text if text.startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`, so that what we export comes back as it was."""
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(_RISKY) else text
