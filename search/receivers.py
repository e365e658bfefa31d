from __future__ import annotations

from typing import Any

from marketplace.catalog.listings.signals import listing_changed
from search import operations


def connect() -> None:
    listing_changed.connect(note_change_when_listing_changed, dispatch_uid="search.note_change")


def note_change_when_listing_changed(listing_id: int, **_: Any) -> None:
    operations.note_change(listing_id=listing_id)
