"""Rows that may be there already."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model


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
