from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from marketplace.catalog.categories.models import AttributeDefinition, Category
from marketplace.catalog.categories.tree import TREE, Ask, Branch

SAID = ["labels", "kind", "choices", "unit", "required", "filterable", "position"]


def plant(*, tree: Sequence[Branch] = TREE) -> int:
    """Make the tree look like `tree`; what exists is brought up to date, nothing is ever cut down."""
    with transaction.atomic():
        return sum(_plant_branch(branch, None) for branch in tree)


def _plant_branch(branch: Branch, parent: Category | None) -> int:
    category = Category.objects.filter(slug=branch.slug).first()
    wanted = {"names": branch.names, "inspection_days": branch.inspection_days}
    if category is None:
        category = _grow(parent, slug=branch.slug, **wanted)
    else:
        Category.objects.filter(pk=category.pk).update(**wanted)
    _plant_attributes(category, branch.asks)
    planted = 1
    for child in branch.children:
        planted += _plant_branch(child, Category.objects.get(pk=category.pk))
    return planted


def _grow(parent: Category | None, **fields: Any) -> Category:
    grown: Category = Category.objects.add_child(parent, fields) if parent else Category.objects.add_root(fields)
    return grown


def _plant_attributes(category: Category, asks: Sequence[Ask]) -> None:
    rows = [
        AttributeDefinition(
            category=category,
            code=ask.code,
            labels=ask.labels,
            kind=ask.kind,
            choices=[{"code": code, "labels": {"en": en, "zh-hans": zh}} for code, en, zh in ask.choices],
            unit=ask.unit,
            required=ask.required,
            filterable=ask.filterable,
            position=position,
        )
        for position, ask in enumerate(asks)
    ]
    AttributeDefinition.objects.bulk_create(rows, update_conflicts=True, unique_fields=["category", "code"], update_fields=SAID)
