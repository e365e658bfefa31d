"""A form that posts carries its token: a part that is included with `only` has none to give."""

import re
from pathlib import Path

from tests.architecture import house

INCLUDED_ALONE = re.compile(r'{%\s*include\s+"([^"]+)"[^%]*\bonly\s*%}')


def _pages() -> dict[str, str]:
    folders = [house.ROOT / "storefront" / "templates", house.ROOT / "desk" / "templates", house.ROOT / "api" / "templates"]
    return {str(page.relative_to(folder)): page.read_text() for folder in folders for page in Path(folder).rglob("*.html")}


def test_no_part_that_is_included_alone_asks_for_a_token() -> None:
    pages = _pages()
    alone = {name for text in pages.values() for name in INCLUDED_ALONE.findall(text)}
    assert alone
    assert [name for name in sorted(alone) if "csrf_token" in pages.get(name, "")] == []
