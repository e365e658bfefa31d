"""Writes tables as Django does, without the second index that it gives to every indexed text for searches by its beginning.

Our texts are keys, found whole: that index was a third of what an insert into our tables wrote. Category paths are found by their beginning.
"""

from typing import Any

from django.db.backends.postgresql import schema

FOUND_BY_BEGINNING = {("marketplace", "path")}
OURS = {"core", "accounts", "vendors", "messaging", "escrow", "marketplace", "search"}


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> Any:
        place = model._meta.app_label, field.name
        return None if place[0] in OURS and place not in FOUND_BY_BEGINNING else super()._create_like_index_sql(model, field)  # type: ignore[misc]  # the stubs lack it
