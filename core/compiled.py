"""Reads that are asked hundreds of times a second: Django writes their SQL once per connection instead of every time.

Writing down a join over eight tables costs Django two milliseconds, reading the row back a tenth of that. Used where a purchase or a
release would otherwise pay for it again and again; anywhere else a plain QuerySet is the simpler thing.
"""

from __future__ import annotations

import inspect
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable

AnyModel = TypeVar("AnyModel", bound=Model)
Asked = ParamSpec("Asked")
# What stands for the caller's value while the SQL is written; it is found again among the parameters.
STAND_INS: dict[str, Callable[[int], Any]] = {
    "int": lambda place: 2_147_400_000 + place,
    "str": lambda place: f"value {place} of a compiled read",
    "list[int]": lambda place: [2_147_400_000 + place],
}


def compiled(build: Callable[Asked, QuerySet[AnyModel]]) -> Callable[Asked, list[AnyModel]]:
    """The function says which rows, as a QuerySet of its parameters (int, str or list[int], positional); the answer is the list of them.

    The shape must not depend on anything else (language, time, settings). A list stands in a `…__in`. Nothing may be asked of several databases.
    """
    stand_ins = [STAND_INS[_word(one.annotation)](place) for place, one in enumerate(inspect.signature(build).parameters.values())]
    kept = threading.local()

    @wraps(build)
    def ask(*values: Asked.args, **_named: Asked.kwargs) -> list[AnyModel]:
        plan: _Plan[AnyModel] | None = getattr(kept, "plan", None)
        if plan is None or plan.connection is not connections[DEFAULT_DB_ALIAS]:
            plan = kept.plan = _Plan(build(*stand_ins), stand_ins)  # type: ignore[call-arg]
        return plan.rows(values)

    return ask


def _word(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


class _Plan(Generic[AnyModel]):
    """One statement on one connection. Plays the QuerySet and its Query for Django's own ModelIterable, which makes the objects."""

    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, queryset: QuerySet[AnyModel], stand_ins: Sequence[Any]) -> None:
        self.db, self.model, self.query = DEFAULT_DB_ALIAS, queryset.model, self
        self.connection = connections[DEFAULT_DB_ALIAS]
        self._prefetched = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        self._compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, found = self._compiler.as_sql()
        flat = [one[0] if isinstance(one, list) else one for one in stand_ins]
        self._places: list[int | None] = [flat.index(value) if value in flat else None for value in found]
        self._fixed = found
        assert {place for place in self._places if place is not None} == set(range(len(flat))), "every parameter must reach the SQL"
        self._sql = _with_arrays(sql, [place is not None and isinstance(stand_ins[place], list) for place in self._places])
        converters = self._compiler.get_converters([column for column, _sql, _alias in self._compiler.select])
        self._compiler.get_converters = lambda _columns: converters
        self._compiler.as_sql = self._bound
        self._values: Sequence[Any] = ()

    def get_compiler(self, using: str) -> Any:
        return self._compiler

    def _bound(self) -> tuple[str, list[Any]]:
        return self._sql, [fixed if place is None else self._values[place] for place, fixed in zip(self._places, self._fixed, strict=True)]

    def rows(self, values: Sequence[Any]) -> list[AnyModel]:
        self._values = values
        rows: list[AnyModel] = list(ModelIterable(self))  # type: ignore[arg-type]  # it asks for no more than is here
        if self._prefetched and rows:
            prefetch_related_objects(rows, *self._prefetched)
        return rows


def _with_arrays(sql: str, is_list: Sequence[bool]) -> str:
    """`IN (%s)` of each list becomes `= ANY(%s)`: the same words for a list of any length."""
    pieces = sql.split("%s")
    for number, listed in enumerate(is_list):
        if listed:
            assert pieces[number].endswith("IN ("), "a list stands alone in a `…__in`"
            pieces[number] = pieces[number].removesuffix("IN (") + "= ANY("
    return "%s".join(pieces)


def attach(rows: Iterable[AnyModel], name: str, children: Iterable[Model], *, by: str) -> None:
    """Give each row its children, as `prefetch_related(name)` would; `by` is the children's foreign key."""
    of_row: dict[Any, list[Model]] = defaultdict(list)
    for child in children:
        of_row[getattr(child, f"{by}_id")].append(child)
    for row in rows:
        found = getattr(row, name).all()
        found._result_cache, found._prefetch_done = of_row[row.pk], True
        for child in of_row[row.pk]:
            setattr(child, by, row)
        if not hasattr(row, "_prefetched_objects_cache"):
            row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
        row._prefetched_objects_cache[name] = found  # type: ignore[attr-defined]
