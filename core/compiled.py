"""Reads that are asked hundreds of times a second: Django writes their SQL once per process instead of every time.

Writing down a join over eight tables costs Django two milliseconds, reading the row back a tenth of that. Used where a purchase or a
release would otherwise pay for it again and again; anywhere else a plain QuerySet is the simpler thing.
"""

from __future__ import annotations

import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.db.transaction import TransactionManagementError

from core.sql import fetch

AnyModel = TypeVar("AnyModel", bound=Model)
Row = TypeVar("Row")
Values = ParamSpec("Values")
# What stands for the caller's value while the SQL is written; it is found again among the parameters.
STAND_INS: dict[str, Callable[[int], Any]] = {
    "int": lambda place: 2_147_400_000 + place,
    "str": lambda place: f"value {place} of a compiled read",
    "list[int]": lambda place: [2_147_400_000 + place],
}
# How a value comes back out of JSON, where that differs from what the driver brings.
_BACK: dict[type[models.Field[Any, Any]], Callable[[str], Any]] = {models.DateTimeField: datetime.fromisoformat, models.DateField: date.fromisoformat}
_NEVER = (models.BinaryField, models.DecimalField, models.DurationField, models.TimeField)


class compiled(Generic[Values, Row]):
    """The function says which rows, as a QuerySet of its parameters (int, str or list[int], positional); the answer is the list of them.

    The shape must not depend on anything else (language, time, settings). A list stands in a `…__in`. Nothing may be asked of several databases.
    A QuerySet of `values_list` brings tuples.
    """

    def __init__(self, build: Callable[Values, QuerySet[Any, Row]]) -> None:
        self._build = build
        self._stand_ins = [STAND_INS[_word(one.annotation)](place) for place, one in enumerate(inspect.signature(build).parameters.values())]
        self._written: _Statement | None = None
        update_wrapper(self, build)

    def __call__(self, *values: Values.args, **_named: Values.kwargs) -> list[Row]:
        found: list[Row] = self.statement.rows(values)
        return found

    def asked(self, *values: Values.args, **_named: Values.kwargs) -> Asked[Row]:
        """The same question, to be asked with others: see `at_once`."""
        return Asked(self.statement, values)

    @property
    def statement(self) -> _Statement:
        """Written when it is asked for the first time."""
        if self._written is None:
            self._written = _Statement(self._build(*self._stand_ins), self._stand_ins)  # type: ignore[call-arg]
        return self._written


@dataclass(frozen=True, slots=True)
class Asked(Generic[Row]):
    """A question with its values, not put yet."""

    statement: _Statement
    values: Sequence[Any]


def at_once(*asked: Asked[Any]) -> list[list[Any]]:
    """Ask all these in one statement and answer each; for narrow rows, because they travel as JSON."""
    sql, readers = _joined(tuple(one.statement for one in asked))
    (texts,) = fetch(sql, [value for one in asked for value in one.statement.bound(one.values)])
    return [reader(json.loads(text)) for reader, text in zip(readers, texts, strict=True)]


@cache
def _joined(statements: tuple[_Statement, ...]) -> tuple[str, list[Callable[[list[list[Any]]], list[Any]]]]:
    return "SELECT " + ", ".join(statement.as_json() for statement in statements), [statement.reader() for statement in statements]


def _word(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


class _Statement:
    """What was written down once. Makes of a row what Django's own iterators would make."""

    def __init__(self, queryset: QuerySet[Any, Any], stand_ins: Sequence[Any]) -> None:
        kind = queryset._iterable_class  # type: ignore[attr-defined]
        assert kind in (ModelIterable, ValuesListIterable), "a compiled read brings rows or tuples"
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, found = compiler.as_sql()
        assert kind is ValuesListIterable or not compiler.annotation_col_map, "a compiled read has no annotations"
        flat = [one[0] if isinstance(one, list) else one for one in stand_ins]
        self._fixed = [(flat.index(value) if value in flat else None, value) for value in found]
        assert {place for place, _ in self._fixed if place is not None} == set(range(len(flat))), "every parameter must reach the SQL"
        self._lists = [place for place, one in enumerate(stand_ins) if isinstance(one, list)]
        self._sql = _with_arrays(sql, [place in self._lists for place, _ in self._fixed])
        self._sql_of_singles = sql  # `IN ($1)`: of an array the database makes a new plan each time
        self._locks = queryset.query.select_for_update
        self._prefetched = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        self._columns = [column for column, _sql, _alias in compiler.select]
        converters = compiler.get_converters(self._columns)
        self._converters = [(place, convert, expression) for place, (some, expression) in converters.items() for convert in some]
        self._make: Callable[[Any], Any] = tuple if kind is ValuesListIterable else _maker(compiler)

    def bound(self, values: Sequence[Any]) -> list[Any]:
        return [fixed if place is None else values[place] for place, fixed in self._fixed]

    def rows(self, values: Sequence[Any]) -> list[Any]:
        if self._locks and not connection.in_atomic_block:
            raise TransactionManagementError("A row is locked in a transaction.")
        sql = self._sql
        if self._lists and all(len(values[place]) == 1 for place in self._lists):
            sql, values = self._sql_of_singles, [one[0] if place in self._lists else one for place, one in enumerate(values)]
        found = fetch(sql, self.bound(values))
        if self._converters:
            found = [self._converted(row) for row in found]
        made = [self._make(row) for row in found]
        if self._prefetched and made:
            prefetch_related_objects(made, *self._prefetched)
        return made

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        told = list(row)
        for place, convert, expression in self._converters:
            told[place] = convert(told[place], expression, connection)
        return told

    def as_json(self) -> str:
        names = ", ".join(f"c{number}" for number in range(len(self._columns)))
        return f"(SELECT coalesce(json_agg(json_build_array({names})), '[]')::text FROM ({self._sql}) AS q({names}))"  # noqa: S608  # Django's own SQL

    def reader(self) -> Callable[[list[list[Any]]], list[Any]]:
        fields = [column.output_field for column in self._columns]
        assert not any(isinstance(field, _NEVER) for field in fields), "this cannot travel as JSON"
        turns = [(place, turn) for place, field in enumerate(fields) if (turn := _way_back(field))]
        assert all(isinstance(fields[place], models.JSONField) for place, *_ in self._converters), "this cannot travel as JSON"

        def read(rows: list[list[Any]]) -> list[Any]:
            for row in rows:
                for place, turn in turns:
                    if row[place] is not None:
                        row[place] = turn(row[place])
            return [self._make(row) for row in rows]

        return read


def _way_back(field: Any) -> Callable[[str], Any] | None:
    return next((turn for kind, turn in _BACK.items() if isinstance(field, kind)), None)


def _maker(compiler: Any) -> Callable[[Any], Model]:
    """As `ModelIterable` does it, which works this out anew for every question."""
    info, select = compiler.klass_info, compiler.select
    model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    populators: Any = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs know a later Django
    _hasten(populators)

    brought = bringer(model, names)

    def make(row: Any) -> Model:
        made: Model = brought(row[first:last])
        for populator in populators:
            populator.populate(row, made)
        return made

    return make


def _hasten(populators: Iterable[Any]) -> None:
    for populator in populators:
        populator.model_cls = _Brought(bringer(populator.model_cls, populator.init_list))
        _hasten(populator.related_populators)


class _Brought:
    """Stands in a populator for the model whose rows it makes."""

    def __init__(self, make: Callable[[Sequence[Any]], Model]) -> None:
        self._make = make

    def from_db(self, _alias: str, _names: Sequence[str], values: Sequence[Any]) -> Model:
        return self._make(values)


def bringer(model: type[AnyModel], names: Sequence[str]) -> Callable[[Sequence[Any]], AnyModel]:
    """What `model.from_db` does with these columns. When they are all that the model has, and nobody listens, that is filling a dictionary."""
    fields = model._meta.concrete_fields
    is_plain = all(field.descriptor_class in (DeferredAttribute, ForeignKeyDeferredAttribute) for field in fields)
    is_usual = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
    if not (is_plain and is_usual and list(names) == [field.attname for field in fields]):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values)  # type: ignore[arg-type]

    def brought(values: Sequence[Any]) -> AnyModel:
        if pre_init.has_listeners(model) or post_init.has_listeners(model):
            return model.from_db(DEFAULT_DB_ALIAS, names, values)  # type: ignore[arg-type]
        row = model.__new__(model)
        row._state = state = ModelState()
        state.db, state.adding = DEFAULT_DB_ALIAS, False
        row.__dict__.update(zip(names, values, strict=True))
        return row

    return brought


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
