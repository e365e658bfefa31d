"""Finds every sentence of the code and the templates that people may read, and brings the catalogues up to date.

Pure Python: templates pass through Django's own `templatize`, then Babel reads them as it reads code.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import extract, pofile
from babel.messages.catalog import Catalog

from backend.env import ROOT

STOREYS = ("backend", "core", "accounts", "vendors", "messaging", "escrow", "marketplace", "search", "storefront", "api", "desk")
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "say", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = """\
# Souk's words. Those of each language: docs/glossary.md. Bring up to date: ./souk translate
msgid ""
msgstr ""
"Project-Id-Version: Souk\\n"
"Language: {name}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{[^{}]*\}")


def collect(root: Path = ROOT) -> Catalog:
    """Every sentence with the files it stands in; no line numbers, so that a catalogue changes only when words do."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for source in _sources(root):
        place = (str(source.relative_to(root)), 0)
        for _line, message, comments, context in _sentences(source):
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def read(source: Path) -> Catalog:
    with source.open("rb") as text:
        return pofile.read_po(text, locale=source.parent.parent.name)


def write(catalogue: Catalog, target: Path) -> None:
    with target.open("wb") as text:
        text.write(HEADER.format(name=catalogue.locale_identifier, plurals=catalogue.plural_forms).encode())
        pofile.write_po(text, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True)


def refresh(target: Path, root: Path = ROOT) -> tuple[int, int]:
    """New sentences stand empty in the catalogue, forgotten ones are dropped. Answers how many there are, how many are empty."""
    catalogue = read(target)
    catalogue.update(collect(root), no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False)
    write(catalogue, target)
    messages = [message for message in catalogue if message.id]
    return len(messages), sum(not is_whole(message.string) for message in messages)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def is_whole(words: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(words) if words is None or isinstance(words, str) else all(words)


def _sources(root: Path) -> Iterator[Path]:
    for storey in STOREYS:
        for file in sorted((root / storey).rglob("*")):
            if _is_read_by_people(file):
                yield file


def _is_read_by_people(file: Path) -> bool:
    if file.suffix == ".py":
        return "migrations" not in file.parts
    return "templates" in file.parts and file.suffix in {".html", ".txt"}


def _sentences(source: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".py":
        from django.utils.translation.template import templatize

        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(source)).splitlines())
    yield from extract.extract("python", BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators",))
