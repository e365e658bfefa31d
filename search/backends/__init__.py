"""The engines and the choice between them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from search.backends.base import SearchBackend
from search.backends.embedded import EmbeddedBackend


def engine() -> SearchBackend:
    """The engine of this database: its folder carries the database's name, so that tests never share an index."""
    return _embedded(settings.SOUK.data / "search" / str(connection.settings_dict["NAME"]))


@cache
def _embedded(folder: Path) -> EmbeddedBackend:
    return EmbeddedBackend(folder)
