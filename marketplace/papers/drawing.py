"""Draws a sheet as PDF. The same sheet gives the same bytes. Imports a large library, so it is imported only when somebody asks for a paper.

Letters come from the font of `SOUK_PAPER_FONT` where one is set; otherwise from the font that the PDF library
brings, and for what that does not have (Chinese, Japanese, Cyrillic, Greek) from the viewer's own Asian font, which every common viewer has.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from marketplace.papers.sheet import Sheet

LATIN, ASIAN = "Vera", "STSong-Light"
BODY = ParagraphStyle("body", fontName=LATIN, fontSize=9, leading=13)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=11, textColor=colors.HexColor("#555555"))
TITLE = ParagraphStyle("title", parent=BODY, fontSize=18, leading=24, spaceAfter=6)
SMALL_RIGHT = ParagraphStyle("small right", parent=SMALL, alignment=TA_RIGHT)
RIGHT = ParagraphStyle("right", parent=BODY, alignment=TA_RIGHT)
PADDING = 6  # of the library's frame, in points
RULE = colors.HexColor("#cccccc")


def pdf(sheet: Sheet, *, font: str = "") -> bytes:
    """A4 pages. `font`: the path of a TrueType font that holds every letter; '' for the fonts above."""
    main = _fonts(font)
    out = io.BytesIO()
    margin = 18 * mm
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin, title=sheet.title, author="", invariant=1
    )

    def foot(canvas: Any, doc: Any) -> None:
        words = Paragraph(_marked(sheet.page_words.format(page=doc.page), main), SMALL)
        _width, height = words.wrap(document.width, margin)
        words.drawOn(canvas, margin + PADDING, margin - height - 4)

    document.build(list(_story(sheet, document.width - 2 * PADDING, main)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(sheet: Sheet, width: float, main: str) -> Iterator[Flowable]:
    def words(text: str, style: ParagraphStyle = BODY) -> Paragraph:
        return Paragraph(_marked(text, main), style)

    yield words(sheet.title, TITLE)
    yield Table(
        [[words(label, SMALL), words(value)] for label, value in sheet.facts], colWidths=[width * 0.3, width * 0.7], style=_TIGHT, hAlign="LEFT"
    )
    if sheet.parties:
        yield Spacer(0, 6 * mm)
        share = width / len(sheet.parties)
        cells = [[words(label, SMALL), *(words(line) for line in lines)] for label, lines in sheet.parties]
        yield Table([cells], colWidths=[share] * len(cells), style=_TIGHT, hAlign="LEFT")
    if sheet.columns:
        yield Spacer(0, 8 * mm)
        head = [words(name, SMALL_RIGHT if place in sheet.numeric else SMALL) for place, name in enumerate(sheet.columns)]
        body = [[words(cell, RIGHT if place in sheet.numeric else BODY) for place, cell in enumerate(row)] for row in sheet.rows]
        yield Table([head, *body], colWidths=[width * share for share in sheet.widths], style=_RULED, repeatRows=1, hAlign="LEFT")
    if sheet.totals:
        yield Spacer(0, 4 * mm)
        sums = [[words(label, RIGHT), words(value, RIGHT)] for label, value in sheet.totals]
        yield Table(sums, colWidths=[width * 0.75, width * 0.25], style=_TIGHT, hAlign="LEFT")
    for note in sheet.notes:
        yield Spacer(0, 4 * mm)
        yield words(note, SMALL)


_TIGHT = TableStyle(
    [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
_RULED = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def _marked(text: str, main: str) -> str:
    """The text as the library wants it, every run of letters in a font that has them."""
    has = _letters(main)
    runs = groupby(_drawn(text, has), key=lambda letter: main if ord(letter) in has else ASIAN)
    return "".join(f'<font name="{name}">{escape("".join(letters))}</font>' for name, letters in runs)


def _drawn(text: str, has: frozenset[int]) -> Iterator[str]:
    for letter in text:
        if ord(letter) in has or _asian(letter):
            yield letter
        else:  # ę → e: a letter without its mark is read, a box is not
            plain = [part for part in unicodedata.normalize("NFKD", letter) if ord(part) in has and not unicodedata.combining(part)]
            yield from plain or (["?"] if letter.isprintable() else [" "])


def _asian(letter: str) -> bool:
    """Whether the Asian font has it: the character set of mainland China, with its Greek, Cyrillic and kana."""
    try:
        letter.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _fonts(path: str) -> str:
    """The name of the main font, known to the library once for the process."""
    pdfmetrics.registerFont(UnicodeCIDFont(ASIAN))
    name = "Paper" if path else LATIN
    pdfmetrics.registerFont(TTFont(name, path or "Vera.ttf"))
    return name


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)
