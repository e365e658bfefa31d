"""The category tree as pages walk it, kept for a minute: it changes by hand, a few times a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import get_language

from core.kept import kept
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.attributes import Attribute
from marketplace.catalog.categories.queries import CategoryNode


class Branches:
    def __init__(self, roots: Sequence[CategoryNode]) -> None:
        self.roots = tuple(roots)
        self._lines = {line[-1].slug: line for root in roots for line in _lines((root,))}

    @property
    def leaves(self) -> list[CategoryNode]:
        """What things are put into, in the tree's order."""
        return [line[-1] for line in self._lines.values() if not line[-1].children]

    def get(self, slug: str) -> CategoryNode | None:
        return self._lines[slug][-1] if slug in self._lines else None

    def line_to(self, slug: str) -> tuple[CategoryNode, ...]:
        """From the root to the category itself."""
        return self._lines.get(slug, ())

    def below(self, slug: str) -> tuple[CategoryNode, ...]:
        """The next level down; the roots for no category at all."""
        if not slug:
            return self.roots
        node = self.get(slug)
        return tuple(node.children) if node else ()


def _lines(line: tuple[CategoryNode, ...]) -> Iterator[tuple[CategoryNode, ...]]:
    yield line
    for child in line[-1].children:
        yield from _lines((*line, child))


def present() -> Branches:
    return _in_language(get_language())


@kept(categories.KEPT_SECONDS)
def _in_language(_language: str | None) -> Branches:
    return Branches(categories.whole_tree())


@kept(categories.KEPT_SECONDS)
def filterable_in(slug: str) -> tuple[Attribute, ...]:
    """What visitors may filter by in this category."""
    return tuple(asked for asked in categories.attributes_of(categories.by_slug(slug)) if asked.filterable)
