"""The verbs for many listings of one shop at once: the same rows, events and announcements in a constant number of statements.

Everything here belongs into the caller's transaction, which holds a few hundred listings and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef

from core import audit, locks
from core.actors import SYSTEM, Actor
from core.audit import Move
from marketplace.catalog.listings import content as words
from marketplace.catalog.listings import queries
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing, ListingVersion, Variant
from marketplace.catalog.listings.operations import Asked, NotReady, write_content
from marketplace.catalog.listings.signals import listings_changed
from marketplace.catalog.listings.states import DRAFT, FLOW, PUBLISHED, REMOVED, SOLD_OUT
from marketplace.catalog.listings.variants import VariantDraft
from vendors.models import Vendor

WORDS = ["title", "description", "language", "category", "condition", "attributes", "hand_overs", "place"]


@dataclass(frozen=True)
class NewListing:
    """A listing to be, and what its owner's tables call it."""

    content: Content
    group: str = ""


def compose(*, vendor: Vendor, draft: NewListing, at: datetime, asked_of: Asked) -> Listing:
    """The row as it would be written, cleaned and ready for buyers but for price and stock; Invalid or NotReady otherwise. Writes nothing."""
    listing = Listing(vendor=vendor, table_group=draft.group, place=vendor.place[: words.LONGEST_PLACE], created_at=at, changed_at=at)
    write_content(listing=listing, content=draft.content, asked_of=asked_of)
    require_words(listing=listing, asked_of=asked_of)
    return listing


def require_words(*, listing: Listing, asked_of: Asked) -> None:
    problems = queries.problems_of_words(listing, asked_of(listing.category) if listing.category else [])
    if problems:
        raise NotReady(problems)


def draft_many(*, listings: Sequence[Listing], firsts: Sequence[VariantDraft], actor: Actor, at: datetime) -> list[Variant]:
    """Keep composed listings as drafts, each with its first variant; answers the variants in the same order."""
    Listing.objects.bulk_create(listings)
    pairs = zip(listings, firsts, strict=True)
    variants = Variant.objects.bulk_create(Variant(listing=listing, sku=first.sku, options=first.options, on_hand=0) for listing, first in pairs)
    audit.record_many(kind="listing", moves=[Move(row.reference, "drafted") for row in listings], actor=actor, at=at)
    return variants


def add_variants(*, drafts: Sequence[tuple[Listing, VariantDraft]]) -> list[Variant]:
    """Further variants of (locked) listings, behind those that are there, answered in the same order. The caller made sure that they differ."""
    shown = Variant.objects.filter(listing__in=[listing.pk for listing, _draft in drafts]).order_by().values_list("listing")
    last = dict(shown.annotate(last=Max("position")))
    rows = []
    for listing, draft in drafts:
        last[listing.pk] = last.get(listing.pk, -1) + 1
        rows.append(Variant(listing=listing, sku=draft.sku, options=draft.options, position=last[listing.pk], on_hand=0))
    return Variant.objects.bulk_create(rows)


def publish_many(*, listing_ids: Collection[int], actor: Actor, at: datetime) -> None:
    """Show composed, priced and counted drafts to buyers. Their photos may follow: an import fetches them later."""
    rows = locks.rows(Listing.objects.filter(pk__in=listing_ids, state=DRAFT).only("reference", "version"))
    target = FLOW.target(DRAFT, "publish", by="seller")
    ids = [row.pk for row in rows]
    Listing.objects.filter(pk__in=ids).update(state=target, published_at=at, changed_at=at)
    _keep_versions(rows, at)
    states = {"before": {"state": DRAFT}, "after": {"state": target}}
    audit.record_many(kind="listing", moves=[Move(row.reference, "publish", **states) for row in rows], actor=actor, at=at)
    _follow(ids, at)
    listings_changed.send(sender=Listing, listing_ids=ids)


@contextmanager
def revisions(*, listing_ids: Collection[int], actor: Actor, at: datetime) -> Iterator[dict[int, Listing]]:
    """Lock the listings, let the caller change and count, then number, keep and announce them all: `revision` for many.

    Yields the locked rows by id, without removed ones. The caller has cleaned their words; what it takes out of the
    dictionary again was not changed after all.
    """
    held = locks.rows(Listing.objects.filter(pk__in=listing_ids).exclude(state=REMOVED).select_related("vendor", "category"))
    rows = {row.pk: row for row in held}
    yield rows
    for row in rows.values():
        row.version += 1
        row.changed_at = at
        row.save(update_fields=[*WORDS, "version", "changed_at"])
    shown = [row for row in rows.values() if row.was_published]
    _keep_versions(shown, at)
    moves = [Move(row.reference, "changed", after={"version": row.version}) for row in shown]
    audit.record_many(kind="listing", moves=moves, actor=actor, at=at)
    if shown:
        listings_changed.send(sender=Listing, listing_ids=[row.pk for row in shown])


def follow_stock(*, listing_ids: Collection[int], at: datetime) -> None:
    """The (locked) listings are sold out when nothing is available, and back when something is."""
    moved = _follow(listing_ids, at)
    if moved:
        listings_changed.send(sender=Listing, listing_ids=moved)


def _follow(listing_ids: Collection[int], at: datetime) -> list[int]:
    left = Variant.objects.offered().filter(listing=OuterRef("pk"), on_hand__gt=F("reserved"))
    shown = Listing.objects.filter(pk__in=listing_ids, state__in=(PUBLISHED, SOLD_OUT))
    rows = list(shown.annotate(left=Exists(left)).values_list("pk", "reference", "state", "left").order_by("pk"))
    moved: list[int] = []
    for move, before, available in (("sell_out", PUBLISHED, False), ("restock", SOLD_OUT, True)):
        found = [(pk, reference) for pk, reference, state, has in rows if state == before and has is available]
        target = FLOW.target(before, move, by="system")
        Listing.objects.filter(pk__in=[pk for pk, _ in found]).update(state=target)
        states = {"before": {"state": before}, "after": {"state": target}}
        audit.record_many(kind="listing", moves=[Move(reference, move, **states) for _, reference in found], actor=SYSTEM, at=at)
        moved += [pk for pk, _ in found]
    return moved


def _keep_versions(rows: Sequence[Listing], at: datetime) -> None:
    bodies = queries.bodies_of_versions([row.pk for row in rows])
    ListingVersion.objects.bulk_create(ListingVersion(listing=row, number=row.version, at=at, body=bodies[row.pk]) for row in rows)
