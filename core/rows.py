"""Rows that may be there already, and rows that a statement written by hand brings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def columns_of(model: type[Model], alias: str) -> str:
    """Every column of a model, for the SELECT of a statement that `row_of` reads."""
    return ", ".join(f"{alias}.{connection.ops.quote_name(str(field.column))}" for field in model._meta.concrete_fields)


def width_of(model: type[Model]) -> int:
    return len(model._meta.concrete_fields)


def row_of(model: type[Row], values: Sequence[Any]) -> Row:
    """The row whose columns these are, in the order of `columns_of`: what the ORM makes of them, without the time it takes to write the question."""
    names, converters = _shape(model)
    told = list(values)
    for place, convert in converters:
        told[place] = convert(told[place], None, connection)
    return model.from_db(connection.alias, names, told)


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converters = [(place, convert) for place, field in enumerate(fields) for convert in field.get_db_converters(connection)]
    return [str(field.attname) for field in fields], converters


def insert_once(row: Model) -> bool:
    """Insert the new row; False when a unique rule says that its twin is there (then nothing happened). One statement, no savepoint."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection=connection) for field in fields]
    quote = connection.ops.quote_name
    columns, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(row._meta.db_table)} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608  # our own names
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return True
