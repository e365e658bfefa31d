from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from core.errors import NotHere
from core.kept import kept
from marketplace.catalog.categories.attributes import Attribute, Choice
from marketplace.catalog.categories.models import AttributeDefinition, Category

KEPT_SECONDS = 60  # the tree changes by hand, a few times a year


@dataclass(frozen=True)
class CategoryNode:
    """A category as a page or a machine shows it, with what grows under it."""

    slug: str
    name: str
    names: dict[str, str]
    depth: int
    inspection_days: int
    children: tuple[CategoryNode, ...] = ()


def by_slug(slug: str) -> Category:
    category: Category | None = Category.objects.filter(slug=slug).first()
    if category is None:
        raise NotHere()
    return category


def require(slugs: Iterable[str]) -> None:
    """NotHere when one of them is no category."""
    wanted = set(slugs)
    if wanted and Category.objects.filter(slug__in=wanted).count() < len(wanted):
        raise NotHere()


def names_of(slugs: Iterable[str]) -> dict[str, str]:
    """These categories in the reader's language."""
    wanted = list(slugs)
    return {row.slug: row.name for row in Category.objects.filter(slug__in=wanted)} if wanted else {}


def whole_tree() -> list[CategoryNode]:
    """Every category in its place, named in the reader's language."""
    return list(_tree_in(get_language()))


@kept(KEPT_SECONDS)
def _tree_in(_language: str | None) -> tuple[CategoryNode, ...]:
    return tuple(_nodes_under("", list(Category.objects.order_by("path"))))


def _nodes_under(path: str, rows: list[Category]) -> list[CategoryNode]:
    depth = len(path) // Category.steplen + 1
    return [
        CategoryNode(
            slug=row.slug,
            name=row.name,
            names=row.names,
            depth=row.depth,
            inspection_days=row.inspection_days,
            children=tuple(_nodes_under(row.path, [other for other in rows if other.path.startswith(row.path)])),
        )
        for row in rows
        if row.depth == depth and row.path.startswith(path)
    ]


def where_things_go() -> list[tuple[CategoryNode, list[CategoryNode]]]:
    """Branches with the leaves a listing may be put in, for a grouped choice."""
    return [(branch, list(branch.children) or [branch]) for branch in whole_tree()]


def breadcrumbs(category: Category) -> tuple[Category, ...]:
    """From the root to the category itself."""
    return _on_the_way(category.pk, tuple(category.lineage))


@kept(KEPT_SECONDS)
def _on_the_way(_key: int, lineage: tuple[str, ...]) -> tuple[Category, ...]:
    return tuple(Category.objects.filter(path__in=lineage).order_by("path"))


def slugs_below(category: Category) -> list[str]:
    """This category and everything under it."""
    return list(Category.objects.filter(path__startswith=category.path).values_list("slug", flat=True))


def attributes_of(category: Category) -> list[Attribute]:
    """What is asked here, parents' questions first. A child may ask a parent's question in its own way."""
    return list(_asked_on(category.pk, tuple(category.lineage)))


@kept(KEPT_SECONDS)
def _asked_on(_key: int, lineage: tuple[str, ...]) -> tuple[Attribute, ...]:
    rows = AttributeDefinition.objects.filter(category__path__in=lineage).order_by("category__path", "position", "pk")
    return tuple({row.code: _attribute(row) for row in rows}.values())


def _attribute(row: AttributeDefinition) -> Attribute:
    return Attribute(
        code=row.code,
        labels=row.labels,
        kind=row.kind,
        choices=tuple(Choice(code=choice["code"], labels=choice["labels"]) for choice in row.choices),
        unit=row.unit,
        required=row.required,
        filterable=row.filterable,
    )
