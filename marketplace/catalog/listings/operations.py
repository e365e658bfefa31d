from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import SYSTEM, Actor
from core.compiled import compiled
from core.errors import Invalid, Kind, NamedNotHere, NotHere, Refusal, Stale
from marketplace.catalog.categories import attributes as answers
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import content as words
from marketplace.catalog.listings import queries
from marketplace.catalog.listings.content import Content, Problem
from marketplace.catalog.listings.models import Listing, ListingVersion, Variant
from marketplace.catalog.listings.signals import listing_changed
from marketplace.catalog.listings.states import DRAFT, FLOW, PUBLISHED, REMOVED, SOLD_OUT
from marketplace.catalog.listings.variants import VariantDraft, clean_variants
from vendors.models import Vendor

Asked = Callable[[Category], Sequence[answers.Attribute]]


class ListingStale(Stale):
    code = "listing_changed"
    sentence = _("This listing has changed since you opened it. Nothing of yours was saved; look at it as it is now.")


class ListingRemoved(Refusal):
    code = "listing_removed"
    kind = Kind.GONE
    sentence = _("This listing was removed and cannot be changed any more.")


class NotReady(Refusal):
    """The listing lacks something that buyers need; `problems` says what, field by field."""

    code = "listing_not_ready"
    kind = Kind.UNPROCESSABLE
    sentence = _("This cannot be shown to buyers yet. {first}")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(field=problems[0].field, first=problems[0].sentence)


def lock(*, listing_id: int) -> Listing:
    rows = locks.rows(Listing.objects.filter(pk=listing_id))
    if not rows:
        raise NotHere()
    return rows[0]


@contextmanager
def revision(*, listing: Listing, actor: Actor, at: datetime, if_version: int | None = None) -> Iterator[Listing]:
    """Lock and compare, let the caller write, then number, keep and announce the result, once for all of it.

    Rooms above (photos, prices) and the editor write several things inside one revision.
    """
    with transaction.atomic():
        locked = lock(listing_id=listing.pk)
        if locked.state == REMOVED:
            raise ListingRemoved()
        if if_version is not None and locked.version != if_version:
            raise ListingStale()
        yield locked
        locked.version += 1
        locked.changed_at = at
        locked.refresh_from_db(fields=["state"])  # counting stock inside the revision may have moved it
        if locked.state != DRAFT:
            _require_ready(locked)
        locked.save()
        _follow_stock(locked, at)
        if locked.was_published:
            _keep_version(locked, at)
            audit.record(
                kind="listing",
                reference=locked.reference,
                name="changed",
                actor=actor,
                at=at,
                after={"version": locked.version},
            )
            listing_changed.send(sender=Listing, listing_id=locked.pk)
    listing.refresh_from_db()


def draft(*, vendor: Vendor, actor: Actor, at: datetime, content: Content | None = None) -> Listing:
    """A new, empty listing with its one plain variant; nobody but the shop sees it."""
    with transaction.atomic():
        listing = Listing(vendor=vendor, place=vendor.place[: words.LONGEST_PLACE], created_at=at, changed_at=at)
        listing.language = get_language() or "en"
        listing.hand_overs = ["parcel"]
        listing.save()
        Variant.objects.create(listing=listing, on_hand=0)
        audit.record(kind="listing", reference=listing.reference, name="drafted", actor=actor, at=at)
        if content is not None:
            write_content(listing=listing, content=content)
            listing.save()
    return listing


def change(*, listing: Listing, content: Content, actor: Actor, at: datetime, if_version: int | None = None) -> Listing:
    with revision(listing=listing, actor=actor, at=at, if_version=if_version) as locked:
        write_content(listing=locked, content=content)
    return listing


def write_content(*, listing: Listing, content: Content, asked_of: Asked = categories.attributes_of) -> None:
    """Inside a revision: clean what was given and put it on the (locked) row. Whoever writes many remembers what categories ask."""
    given = content.given()
    for field in ("title", "description", "language", "condition", "hand_overs", "place", "payment_terms"):
        if field in given:
            setattr(listing, field, getattr(words, field)(given[field]))
    if "category" in given and given["category"] != listing.category:
        category = given["category"]
        if category is not None and category.numchild:
            raise Invalid("category", _("Choose one of the smaller categories inside “{name}”."), name=category.name)
        listing.category = category
        if "attributes" not in given:
            listing.attributes = answers.clean(asked_of(category) if category else [], listing.attributes)[0]
    if "attributes" in given:
        listing.attributes = _fitting_answers(given["attributes"], asked_of(listing.category) if listing.category else [])


def _fitting_answers(given: object, asked: Sequence[answers.Attribute]) -> dict[str, answers.Answer]:
    if not isinstance(given, dict) or not all(isinstance(code, str) for code in given):
        raise Invalid("attributes", _("Send the details as names with answers."))
    fitting, misfits = answers.clean(asked, given)
    for misfit in misfits:
        sentence = words.misfit_words(misfit, asked, get_language() or "en")
        raise Invalid(f"attributes.{misfit.code[:40]}", sentence)
    return fitting


def set_variants(*, listing: Listing, variants: Sequence[VariantDraft], actor: Actor, at: datetime, if_version: int | None = None) -> Listing:
    with revision(listing=listing, actor=actor, at=at, if_version=if_version) as locked:
        write_variants(listing=locked, variants=variants, at=at)
    return listing


def write_variants(*, listing: Listing, variants: Sequence[VariantDraft], at: datetime) -> list[Variant]:
    """Inside a revision: these variants, in this order, and no others. What is left out is retired, never deleted."""
    clean = clean_variants(variants)
    kept = {variant.reference: variant for variant in listing.variants.offered()}
    unknown = [index for index, draft in enumerate(clean) if draft.reference and draft.reference not in kept]
    if unknown:
        raise NamedNotHere(field=f"variants.{unknown[0]}.reference")
    wanted = {draft.reference for draft in clean if draft.reference}
    listing.variants.filter(pk__in=[v.pk for ref, v in kept.items() if ref not in wanted]).update(retired_at=at)
    written = []
    for position, draft in enumerate(clean):
        variant = kept[draft.reference] if draft.reference else Variant(listing=listing)
        if variant.pk and variant.options != draft.options and listing.was_published and variant.options:
            variant = _replaced(variant, at)
        variant.sku, variant.options, variant.position = draft.sku, draft.options, position
        variant.save(force_insert=not variant.pk, update_fields=None if not variant.pk else ["sku", "options", "position"])
        written.append(variant)
    return written


def _replaced(variant: Variant, at: datetime) -> Variant:
    """A published choice never turns into another one under a buyer's hands: the old one retires."""
    Variant.objects.filter(pk=variant.pk).update(retired_at=at)
    return Variant(listing=variant.listing)


def publish(*, listing: Listing, actor: Actor, at: datetime, if_version: int | None = None) -> Listing:
    """Show it to buyers. Raises NotReady with everything that is still missing."""
    return _move(listing, "publish", actor, at, if_version=if_version)


def pause(*, listing: Listing, actor: Actor, at: datetime) -> Listing:
    return _move(listing, "pause", actor, at)


def resume(*, listing: Listing, actor: Actor, at: datetime) -> Listing:
    return _move(listing, "resume", actor, at)


def remove(*, listing: Listing, actor: Actor, at: datetime, reason: str = "") -> Listing:
    """For good. What was sold from it keeps its version and its pictures."""
    return _move(listing, "remove", actor, at, reason=reason)


def _move(listing: Listing, move: str, actor: Actor, at: datetime, *, if_version: int | None = None, reason: str = "") -> Listing:
    with transaction.atomic():
        locked = lock(listing_id=listing.pk)
        before = locked.state
        if if_version is not None and locked.version != if_version:
            raise ListingStale()
        locked.state = FLOW.target(before, move, by="staff" if actor.kind == "staff" else "seller")
        if locked.state == PUBLISHED:
            _require_ready(locked)
            locked.published_at = locked.published_at or at
        locked.changed_at = at
        locked.save()
        _follow_stock(locked, at)
        if move == "publish":
            _keep_version(locked, at)
        _record_move(locked, move, before, actor, at, reason)
        if locked.was_published:
            listing_changed.send(sender=Listing, listing_id=locked.pk)
    listing.refresh_from_db()
    return listing


def _record_move(listing: Listing, move: str, before: str, actor: Actor, at: datetime, reason: str = "") -> None:
    states = {"before": {"state": before}, "after": {"state": listing.state}}
    audit.record(kind="listing", reference=listing.reference, name=move, actor=actor, at=at, reason=reason, **states)


def follow_stock(*, listing: Listing, at: datetime) -> None:
    """The (locked) listing is sold out when nothing is available, and back when something is."""
    if _follow_stock(listing, at):
        listing_changed.send(sender=Listing, listing_id=listing.pk)


def _follow_stock(listing: Listing, at: datetime) -> bool:
    if listing.state not in (PUBLISHED, SOLD_OUT):
        return False
    available = any(variant.available for variant in _offered(listing.pk))
    move = "sell_out" if listing.state == PUBLISHED and not available else ""
    move = "restock" if listing.state == SOLD_OUT and available else move
    if not move:
        return False
    before = listing.state
    listing.state = FLOW.target(before, move, by="system")
    listing.save(update_fields=["state"])
    _record_move(listing, move, before, SYSTEM, at)
    return True


@compiled
def _offered(listing_id: int) -> QuerySet[Variant]:
    return Variant.objects.offered().filter(listing_id=listing_id).order_by()


def _require_ready(listing: Listing) -> None:
    problems = queries.problems(listing)
    if problems:
        raise NotReady(problems)


def _keep_version(listing: Listing, at: datetime) -> ListingVersion:
    return ListingVersion.objects.create(listing=listing, number=listing.version, at=at, body=queries.bodies_of_versions([listing.pk])[listing.pk])
