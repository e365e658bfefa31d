"""Whatever arrives as a table is read, or refused for a reason."""

import io
import time
import zipfile

import pytest

from marketplace.importing import tables
from marketplace.importing.tables import Row, Unreadable
from tests.factories.tables import packed, sheet, written


def read(data: bytes, **how: str) -> tuple[tuple[str, ...], list[Row]]:
    file = io.BytesIO(data)
    with tables.opened(file, tables.detect(file, **how)) as table:
        return table.columns, list(table.rows)


def why(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value.why


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_reads_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    _, rows = read(written(["1", "Grüße aus Köln", "12,5", "3"], ["2", "Café crème", "7", "1"], delimiter=delimiter, encoding=encoding))
    assert [row.cells["title"] for row in rows] == ["Grüße aus Köln", "Café crème"]


def test_reads_chinese_office_encoding() -> None:
    _, rows = read(written(["1", "可折叠的木制书桌，附带两个抽屉", "12.5", "3"], header=["货号", "标题", "价格", "库存"], encoding="gb18030"))
    assert rows[0].cells["标题"] == "可折叠的木制书桌，附带两个抽屉"


def test_lines_are_those_a_person_sees() -> None:
    _, rows = read(b'sku,title\r\n1,"two\r\nlines"\r\n\r\n2,second\r\n')
    assert [(row.line, row.cells["sku"]) for row in rows] == [(2, "1"), (5, "2")]


def test_numbers_and_days_of_a_sheet() -> None:
    _, rows = read(sheet(["1", "A", 12.5, 3.0]))
    assert rows[0].cells == {"sku": "1", "title": "A", "price": "12.5", "stock": "3"}


def test_columns_of_one_name_stay_apart() -> None:
    columns, rows = read(b"sku,image,image,\n1,a,b,\n")
    assert columns == ("sku", "image", "image (3)")
    assert rows[0].cells["image (3)"] == "b"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 50, "picture"),
        (packed(b"%PDF-1.7 rest"), "pdf"),
        (b'\n<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "markup"),
        (b"<!DOCTYPE html><title>sku,title</title>", "markup"),
        (bytes(range(1, 32)) * 20 + b"\xff\xfe\xfd", "not_a_table"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "not_a_table"),
        (b"PK\x03\x04 broken", "damaged"),
        (packed(b"sku,title\n" + b"1,a\n" * 5000)[:60], "damaged"),
        (b"\x1f\x8b rubbish", "damaged"),
        (b",".join(b"c%d" % n for n in range(300)), "too_many_columns"),
    ],
)
def test_refuses_what_is_no_table(data: bytes, reason: str) -> None:
    assert why(data) == reason


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("readme.txt", "hello")
    assert why(out.getvalue()) == "not_a_table"


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1 << 20)
    assert why(packed(b"sku,title\n" + b"1,aaaaaaaa\n" * 200_000)) == "too_large"
    bomb = sheet(*[["1", "A" * 30_000, "1", "1"]] * 100)
    assert len(bomb) < 100_000
    assert why(bomb) == "too_large"


def test_a_sheet_with_a_far_away_row_is_read_at_once() -> None:
    """Office programs leave such a row behind; a forged one would keep us for ever."""
    began = time.process_time()
    _, rows = read(far_away(sheet(["1", "Chair", "5", "1"]), line=1_048_576))
    assert [row.line for row in rows] == [2, 1_048_576]
    assert time.process_time() - began < 30
    assert why(far_away(sheet(["1", "Chair", "5", "1"]), line=10**15)) == "damaged"


def far_away(data: bytes, *, line: int) -> bytes:
    """The same workbook with one more row, at this line."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            cell = f'<row r="{line}"><c t="inlineStr"><is><t>far</t></is></c></row></sheetData>'.encode()
            copy.writestr(name, parts.read(name).replace(b"</sheetData>", cell))
    return out.getvalue()


def test_too_many_rows_are_refused_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert why(b"sku,title\n" + b"1,a\n" * 4) == "too_many_rows"


def test_large_files_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    assert why(b"sku,title\n1,aaaa\n") == "too_large"


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5 %", "@home", "'tis", "'=x", "plain", "", "\tx"])
def test_guarded_cells_come_back_as_they_were(text: str) -> None:
    assert tables.unguarded(tables.guarded(text)) == text
    assert not tables.guarded(text).startswith(("=", "+", "-", "@", "\t"))
