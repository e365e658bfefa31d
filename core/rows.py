"""One row in, a few of its columns, or a row that a statement written by hand brings: in words that are written down once per table.

For the rows that every purchase leaves behind: `create()` and `save(update_fields=…)` write their SQL anew each time, which costs several
times what the database then does. Nothing listens to saving in this house, so that nothing is skipped here but that work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Model

from core.compiled import bringer
from core.sql import execute, fetch

AnyModel = TypeVar("AnyModel", bound=Model)
Fields = tuple[Any, ...]
Moving = tuple[str, Fields, Fields, list[Fields]]


def columns_of(model: type[Model], alias: str) -> str:
    """Every column of a model, for the SELECT of a statement that `row_of` reads."""
    return ", ".join(f"{alias}.{connection.ops.quote_name(str(field.column))}" for field in model._meta.concrete_fields)


def width_of(model: type[Model]) -> int:
    return len(model._meta.concrete_fields)


def row_of(model: type[AnyModel], values: Sequence[Any]) -> AnyModel:
    """The row whose columns these are, in the order of `columns_of`: what the ORM makes of them, without the time it takes to write the question."""
    brought, converters = _shape(model)
    told = list(values)
    for place, convert in converters:
        told[place] = convert(told[place], None, connection)
    return brought(told)  # type: ignore[no-any-return]


@cache
def _shape(model: type[Model]) -> tuple[Callable[[Sequence[Any]], Any], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converters = [(place, convert) for place, field in enumerate(fields) for convert in field.get_db_converters(connection)]
    return bringer(model, [str(field.attname) for field in fields]), converters


def insert(row: AnyModel) -> AnyModel:
    """Insert the new row; a broken rule raises IntegrityError, as always."""
    _insert(row, otherwise="")
    return row


def insert_once(row: Model) -> bool:
    """Insert the new row; False when a unique rule says that its twin is there (then nothing happened). One statement, no savepoint."""
    return _insert(row, otherwise=" ON CONFLICT DO NOTHING")


def insert_many(rows: Iterable[AnyModel]) -> list[AnyModel]:
    """Insert a handful of new rows of one table in one statement; they learn their keys in the order given."""
    made = list(rows)
    if made:
        statement, fields = _inserting(type(made[0]), len(made))
        keys = fetch(f"{statement} RETURNING id", [value for row in made for value in _values(row, fields)])
        for row, (key,) in zip(made, sorted(keys), strict=True):
            _arrived(row, key)
    return made


def insert_all(first: AnyModel, *others: Model) -> AnyModel:
    """Insert new rows of several tables in one statement; where one of them points to the kind of `first`, it points to `first`."""
    groups = [list(some) for _kind, some in groupby(others, key=type)]
    statement, shapes = _inserting_all(type(first), tuple((type(some[0]), len(some)) for some in groups))
    values = [
        *_values(first, shapes[0]),
        *(value for some, fields in zip(groups, shapes[1:], strict=True) for row in some for value in _values(row, fields)),
    ]
    ((key, *keys),) = fetch(statement, values)
    _arrived(first, key)
    for some, found in zip(groups, keys, strict=True):
        names = _pointing(type(some[0]), type(first))
        for row, one in zip(some, found, strict=True):
            _arrived(row, one)
            row.__dict__.update(dict.fromkeys(names, key))
    return first


def insert_new(rows: Iterable[AnyModel], *, known_by: str) -> list[AnyModel]:
    """Those of the new rows whose twins are not there yet, inserted in one statement; `known_by` tells the rows apart."""
    made = list(rows)
    if not made:
        return []
    statement, fields = _inserting(type(made[0]), len(made))
    field = made[0]._meta.get_field(known_by)
    words = f"{statement} ON CONFLICT DO NOTHING RETURNING id, {_column(field)}"
    keys = {name: key for key, name in fetch(words, [value for row in made for value in _values(row, fields)])}
    new = [row for row in made if getattr(row, known_by) in keys]
    for row in new:
        _arrived(row, keys[getattr(row, known_by)])
    return new


def update(row: Model, *, where: Mapping[str, Any] | None = None, **changes: Any) -> bool:
    """Set these columns of the row in its table, and then here; False, and nothing is set, when it is no longer as `where` says."""
    guard = where or {}
    statement, fields, guards = _updating(type(row), tuple(changes), tuple(guard))
    values = [_told(field, value) for field, value in zip(fields, changes.values(), strict=True)]
    expected = [_told(field, value) for field, value in zip(guards, guard.values(), strict=True)]
    if not execute(statement, [*values, row.pk, *expected]):
        return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def move(row: Model, *trail: Model, where: Mapping[str, Any], **changes: Any) -> bool:
    """`update` and the new rows that tell of it in one statement. After False the caller must give up its transaction: they tell of nothing."""
    statement, fields, guards, others = _moving(type(row), tuple(changes), tuple(where), tuple(type(one) for one in trail))
    values = [_told(field, value) for field, value in zip(fields, changes.values(), strict=True)]
    expected = [_told(field, value) for field, value in zip(guards, where.values(), strict=True)]
    told = [value for one, some in zip(trail, others, strict=True) for value in _values(one, some)]
    ((moved, *keys),) = fetch(statement, [*values, row.pk, *expected, *told])
    if moved is None:
        return False
    for one, key in zip(trail, keys, strict=True):
        _arrived(one, key)
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def _insert(row: Model, *, otherwise: str) -> bool:
    statement, fields = _inserting(type(row))
    found = fetch(f"{statement}{otherwise} RETURNING id", _values(row, fields))
    if not found:
        return False
    _arrived(row, found[0][0])
    return True


def _arrived(row: Model, key: int) -> None:
    row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


def _values(row: Model, fields: Fields) -> list[Any]:
    told = row.__dict__
    return [
        value if (value := told[name]) is None or type(value) is plain else field.get_db_prep_save(value, connection=connection)
        for name, plain, field in _ways(fields)
    ]


@cache
def _ways(fields: Fields) -> list[tuple[str, type | None, Any]]:
    return [(field.attname, _plain(field.__class__), field) for field in fields]


def _told(field: Any, value: Any) -> Any:
    """What the field hands to the driver. For nothing, and for most kinds of field, that is the value itself."""
    return value if value is None or type(value) is _plain(field.__class__) else field.get_db_prep_save(value, connection=connection)


@cache
def _plain(kind: Any) -> type | None:
    """Exactly the kinds below: a field of our own may do more."""
    return next((plain for some, plain in _PLAIN if kind in some), None)


_WHOLE = (models.BigIntegerField, models.IntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField)
_PLAIN: tuple[tuple[tuple[type[Any], ...], type], ...] = (
    ((models.CharField, models.TextField, models.EmailField), str),
    ((*_WHOLE, models.ForeignKey, models.OneToOneField), int),
    ((models.BooleanField,), bool),
    ((models.DateTimeField,), datetime),  # everybody here has a time zone
)


@cache
def _inserting(model: type[Model], many: int = 1) -> tuple[str, Fields]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(map(_column, fields))}) VALUES {', '.join([row] * many)}", fields  # noqa: S608


@cache
def _pointing(kind: type[Model], to: type[Model]) -> list[str]:
    """The columns of one kind of row that hold the key of another."""
    return [field.attname for field in kind._meta.concrete_fields if field.remote_field is not None and field.remote_field.model is to]


@cache
def _inserting_all(first: type[Model], others: tuple[tuple[type[Model], int], ...]) -> tuple[str, list[Fields]]:
    words, fields = _inserting(first)
    statements, shapes = [f"r0 AS ({words} RETURNING id)"], [fields]
    for number, (kind, many) in enumerate(others, start=1):
        _words, fields = _inserting(kind)
        names = _pointing(kind, first)
        pointing = [field.attname in names for field in fields]
        row = f"({', '.join('(SELECT id FROM r0)' if points else '%s' for points in pointing)})"  # noqa: S608  # our own names
        columns = ", ".join(map(_column, fields))
        rows = ", ".join([row] * many)
        statements.append(f"r{number} AS (INSERT INTO {_quoted(kind._meta.db_table)} ({columns}) VALUES {rows} RETURNING id)")  # noqa: S608
        shapes.append(tuple(field for field, points in zip(fields, pointing, strict=True) if not points))
    keys = "".join(f", ARRAY(SELECT id FROM r{number} ORDER BY id)" for number in range(1, len(others) + 1))  # noqa: S608
    return f"WITH {', '.join(statements)} SELECT (SELECT id FROM r0){keys}", shapes  # noqa: S608


@cache
def _updating(model: type[Model], names: tuple[str, ...], guards: tuple[str, ...]) -> tuple[str, Fields, Fields]:
    fields, guarding = (tuple(model._meta.get_field(name) for name in some) for some in (names, guards))
    columns = ", ".join(f"{_column(field)} = %s" for field in fields)
    still = "".join(f" AND {_column(field)} = %s" for field in guarding)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {columns} WHERE id = %s{still}", fields, guarding  # noqa: S608


@cache
def _moving(model: type[Model], names: tuple[str, ...], guards: tuple[str, ...], trail: tuple[type[Model], ...]) -> Moving:
    words, fields, guarding = _updating(model, names, guards)
    made = [_inserting(kind) for kind in trail]
    inserts = "".join(f", r{number} AS ({insert} RETURNING id)" for number, (insert, _fields) in enumerate(made))
    keys = "".join(f", (SELECT id FROM r{number})" for number in range(len(made)))  # noqa: S608  # our own names
    statement = f"WITH moved AS ({words} RETURNING id){inserts} SELECT (SELECT id FROM moved){keys}"  # noqa: S608
    return statement, fields, guarding, [some for _insert, some in made]


def _column(field: Any) -> str:
    return _quoted(str(field.column))


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
