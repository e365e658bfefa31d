from __future__ import annotations

from typing import Any

from marketplace.catalog.listings.signals import listing_changed, listings_changed
from search import operations


def connect() -> None:
    listing_changed.connect(note_change_when_listing_changed, dispatch_uid="search.note_change")
    listings_changed.connect(note_changes_when_listings_changed, dispatch_uid="search.note_changes")


def note_change_when_listing_changed(listing_id: int, **_: Any) -> None:
    operations.note_change(listing_id=listing_id)


def note_changes_when_listings_changed(listing_ids: list[int], **_: Any) -> None:
    operations.note_changes(listing_ids=listing_ids)
