"""Several reads in one question to the database. For pages that show many small things around one row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_duration

# How a value comes back out of JSON: as the driver would have brought it. What is not here is the same in both.
_BACK: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
    models.DecimalField: Decimal,
    models.DurationField: parse_duration,
    models.JSONField: lambda value: json.dumps(value, default=float),  # Django reads it again
}
_NEVER = (models.BinaryField, models.TimeField)


def together(*asked: QuerySet[Any, Any]) -> None:
    """Evaluate all these QuerySets in one statement, as if each had been listed; reading them afterwards asks nothing more."""
    prepared = [one for queryset in asked if (one := _prepare(queryset))]
    if not prepared:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql for *_rest, sql, _params in prepared), [value for *_rest, params in prepared for value in params])
        found = cursor.fetchone()
    for (queryset, compiler, *_), text in zip(prepared, found, strict=True):
        _fill(queryset, compiler, json.loads(text, parse_float=Decimal))


def remember(row: Model, name: str, children: QuerySet[Any]) -> None:
    """The row's children were read: `row.<name>.all()` asks no more, as after `prefetch_related`."""
    kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
    children._prefetch_done = True  # type: ignore[attr-defined]
    kept[name] = children


def _prepare(queryset: QuerySet[Any, Any]) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None:
    """Its rows as one JSON value; None for a QuerySet that is empty without being asked."""
    compiler: Any = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    names = ", ".join(f"c{number}" for number in range(len(compiler.select)))
    return queryset, compiler, f"(SELECT coalesce(json_agg(q), '[]')::text FROM ({sql}) AS q({names}))", params  # noqa: S608  # Django's own SQL


def _fill(queryset: QuerySet[Any, Any], compiler: Any, found: list[dict[str, Any]]) -> None:
    """Django makes the objects itself, out of rows that are here already."""
    back = [_way_back(column[0].output_field) for column in compiler.select]
    rows = [tuple(value if turn is None or value is None else turn(value) for turn, value in zip(back, row.values(), strict=True)) for row in found]
    compiler.execute_sql = lambda *_args, **_named: [rows]
    queryset.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]
    try:
        len(queryset)
    finally:
        del queryset.query.get_compiler


def _way_back(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, _NEVER):
        raise TypeError(f"{field} cannot be read together with others")
    return next((turn for kind, turn in _BACK.items() if isinstance(field, kind)), None)
