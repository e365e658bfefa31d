"""One chunk of rows: what it asks for beside what is there, and then both in the least number of statements.

Everything happens in the caller's transaction. `compare` writes nothing, so a dry run is the same code without `write`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Q

from core.actors import Actor
from core.errors import Invalid, Refusal
from marketplace.catalog.listings import bulk, operations
from marketplace.catalog.listings.bulk import NewListing
from marketplace.catalog.listings.content import LONGEST_DESCRIPTION, Content
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.states import REMOVED
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.stock import operations as stock
from marketplace.importing import words
from marketplace.importing.groups import Groups
from marketplace.importing.models import Import, ImportPicture, ImportProblem
from marketplace.importing.tables import Row
from marketplace.importing.terms import Terms
from marketplace.importing.wishes import CategoryBook, Remark, Wish, as_plain_text, fitting_answers, wish_of
from marketplace.sale_formats.fixed_price import bulk as fixed_price
from vendors.models import Vendor

WORDS = ("title", "description", "language", "category", "condition", "attributes", "hand_overs", "place")


@dataclass(frozen=True)
class Reading:
    """Everything a row is read with; the same for the whole run."""

    vendor: Vendor
    terms: Terms
    columns: Mapping[str, str]
    cents: bool
    book: CategoryBook


@dataclass(frozen=True)
class Fresh:
    wish: Wish
    listing: Listing
    price_minor: int
    on_hand: int


@dataclass(frozen=True)
class Joining:
    """A further variant of a listing: of one that is there, or of one that is new in this chunk."""

    wish: Wish
    listing: Listing
    price_minor: int
    on_hand: int

    @property
    def draft(self) -> VariantDraft:
        return VariantDraft(self.wish.options, self.wish.sku)


@dataclass(frozen=True)
class Change:
    wish: Wish
    variant: Variant
    content: Content | None
    price_minor: int | None
    on_hand: int | None
    pictures: tuple[str, ...]
    options: dict[str, str] | None = None
    group: str = ""

    @property
    def is_revision(self) -> bool:
        return bool(self.content or self.group) or any(one is not None for one in (self.price_minor, self.on_hand, self.options))


@dataclass
class Comparison:
    fresh: list[Fresh] = field(default_factory=list)
    joining: list[Joining] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    errors: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)


class Place(NamedTuple):
    """Of a row in its table: the line in which its thing stood before, or 0; and whether a row above leads its group."""

    before: int
    follows: bool


@dataclass
class Seen:
    """Which line a number or a group stood in first: kept over the whole file, also over the rows that an earlier run did."""

    lines: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    def note(self, row: Row, columns: Mapping[str, str]) -> Place:
        named = {name: row.cells.get(column, "") for column, name in columns.items() if name in ("sku", "reference", "group")}
        key = f"#{named['reference'].upper()}" if named.get("reference") else named.get("sku", "")
        before = self.lines.setdefault(key, row.line) if key else row.line
        leader = self.groups.setdefault(named["group"], row.line) if named.get("group") else row.line
        return Place(before if before != row.line else 0, leader != row.line)


def compare(rows: Sequence[tuple[Row, Place]], reading: Reading, *, at: datetime) -> Comparison:
    """Rows (each with its place in the table) against the shop as it is."""
    found = Comparison()
    wishes = [wish for row, place in rows if (wish := _wish(row, place, reading, found)) is not None]
    by_sku, by_reference = _variants_of(wishes, reading.vendor)
    pictures = _known_pictures([v.listing_id for many in by_sku.values() for v in many] + [v.listing_id for v in by_reference.values()])
    groups = Groups(wishes, by_reference.values(), reading.vendor)
    for wish in wishes:
        try:
            variant = _variant(wish, by_sku, by_reference)
            if variant is None and (listing := groups.listing(wish.group)):
                found.joining.append(_joining(wish, listing, groups, reading, at))
            elif variant is None:
                found.fresh.append(_fresh(wish, reading, at))
                groups.open(wish, found.fresh[-1].listing)
            elif change := _change(wish, variant, reading, pictures.get(variant.listing_id, frozenset()), groups, at):
                found.changes.append(change)
            else:
                found.unchanged += 1
                continue  # and what was said about it was said when it came
        except Refusal as refused:
            found.errors.append(_remark(wish.line, wish.sku, refused))
        else:
            found.notes += [Remark(wish.line, wish.sku, name, code, str(sentence)) for name, code, sentence in wish.notes]
    found.errors.sort(key=lambda one: one.line)
    return found


def _wish(row: Row, place: Place, reading: Reading, found: Comparison) -> Wish | None:
    try:
        if place.before:
            raise Invalid("sku", words.TWICE, line=place.before)
        wish = wish_of(row, reading.columns, reading.terms.currency, cents=reading.cents, book=reading.book)
        wish.follows = place.follows
        return wish
    except Refusal as refused:
        named = [row.cells.get(column, "") for column, name in reading.columns.items() if name == "sku"]
        found.errors.append(_remark(row.line, named[0] if named else "", refused))
        return None


def _remark(line: int, sku: str, refused: Refusal) -> Remark:
    return Remark(line, sku[:60], (refused.field or "")[:60], refused.code, refused.message[:400])


def _variants_of(wishes: Sequence[Wish], vendor: Vendor) -> tuple[dict[str, list[Variant]], dict[str, Variant]]:
    named = Q(sku__in=[wish.sku for wish in wishes if wish.sku]) | Q(reference__in=[wish.reference for wish in wishes if wish.reference])
    rows = Variant.objects.offered().filter(named, listing__vendor=vendor).exclude(listing__state=REMOVED)
    by_sku: dict[str, list[Variant]] = {}
    by_reference: dict[str, Variant] = {}
    for row in rows.select_related("listing__category", "price").order_by("pk"):
        by_reference[row.reference] = row
        if row.sku:
            by_sku.setdefault(row.sku, []).append(row)
    return by_sku, by_reference


def _known_pictures(listing_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    known: dict[int, frozenset[str]] = {}
    for listing_id, address in ImportPicture.objects.filter(listing_id__in=listing_ids).values_list("listing_id", "address"):
        known[listing_id] = known.get(listing_id, frozenset()) | {address}
    return known


def _variant(wish: Wish, by_sku: Mapping[str, list[Variant]], by_reference: Mapping[str, Variant]) -> Variant | None:
    if wish.reference:
        if wish.reference not in by_reference:
            raise Invalid("reference", words.NOT_YOURS)
        return by_reference[wish.reference]
    if not wish.sku:
        raise Invalid("sku", words.NO_NUMBER)
    found = by_sku.get(wish.sku, [])
    if len(found) > 1:
        raise Invalid("sku", words.AMBIGUOUS)
    return found[0] if found else None


def _joining(wish: Wish, listing: Listing, groups: Groups, reading: Reading, at: datetime) -> Joining:
    price_minor, on_hand = _terms_of_sale(wish, reading, at)
    groups.admit(wish, listing)
    return Joining(wish, listing, price_minor, on_hand)


def _terms_of_sale(wish: Wish, reading: Reading, at: datetime) -> tuple[int, int]:
    """What something new cannot do without."""
    if wish.price_minor is None:
        raise Invalid("price", words.NO_PRICE)
    on_hand = wish.on_hand if wish.on_hand is not None else reading.terms.stock
    if on_hand is None:
        raise Invalid("stock", words.NO_STOCK)
    fixed_price.repriced(price=None, price_minor=wish.price_minor, at=at)
    return wish.price_minor, on_hand


def _fresh(wish: Wish, reading: Reading, at: datetime) -> Fresh:
    terms, (price_minor, on_hand) = reading.terms, _terms_of_sale(wish, reading, at)
    content = dict(wish.content)
    if "category" not in content:
        if not terms.category:
            raise Invalid("category", words.NO_CATEGORY)
        content["category"] = reading.book.find(terms.category)
    content.setdefault("condition", terms.condition)
    content.setdefault("language", terms.language)
    content.setdefault("hand_overs", list(terms.delivery))
    content["description"] = _description(wish)
    content["attributes"] = fitting_answers(wish, reading.book.asked_of(content["category"]))
    draft = NewListing(Content(**content), wish.group)
    listing = bulk.compose(vendor=reading.vendor, draft=draft, at=at, asked_of=reading.book.asked_of)
    return Fresh(wish, listing, price_minor, on_hand)


def _description(wish: Wish) -> str:
    given = str(wish.content.get("description", ""))
    whole = f"{wish.whole_title}\n\n{given}".strip() if wish.whole_title else given
    return whole[:LONGEST_DESCRIPTION].rstrip()


def _change(wish: Wish, variant: Variant, reading: Reading, known: frozenset[str], groups: Groups, at: datetime) -> Change | None:
    """What the row asks to be otherwise than it is; None when nothing is."""
    content = None if wish.follows else _other_words(wish, variant.listing, reading)
    price = getattr(variant, "price", None)
    price_minor = wish.price_minor if wish.price_minor is not None and (price is None or price.price_minor != wish.price_minor) else None
    if price_minor is not None:
        fixed_price.repriced(price=price, price_minor=price_minor, at=at)
    on_hand = wish.on_hand if wish.on_hand is not None and wish.on_hand != variant.on_hand else None
    if on_hand is not None and on_hand < variant.reserved:
        raise Invalid("stock", words.RESERVED, reserved=variant.reserved)
    pictures = tuple(address for address in wish.pictures if address not in known)
    group = groups.adopted(wish, variant)
    options = wish.options if wish.options and wish.options != variant.options else None
    if options:
        groups.admit(wish, variant.listing, own=variant)
    change = Change(wish, variant, content, price_minor, on_hand, pictures, options, group)
    return change if change.is_revision or pictures else None


def _other_words(wish: Wish, listing: Listing, reading: Reading) -> Content | None:
    given = dict(wish.content)
    if wish.whole_title and "description" in reading.columns.values():
        given["description"] = _description(wish)
    for name in ("title", "description"):  # what was written by hand may hold what reading a table would tidy
        if name in given and given[name] == as_plain_text(getattr(listing, name)):
            del given[name]
    category = given.get("category", listing.category)
    answers = fitting_answers(wish, reading.book.asked_of(category)) if category else {}
    if any(listing.attributes.get(code) != answer for code, answer in answers.items()):
        given["attributes"] = {**_still_asked(listing, category, reading), **answers}
    draft = copy.copy(listing)
    operations.write_content(listing=draft, content=Content(**given), asked_of=reading.book.asked_of)
    if all(getattr(draft, name) == getattr(listing, name) for name in WORDS):
        return None
    if not listing.is_draft:
        bulk.require_words(listing=draft, asked_of=reading.book.asked_of)
    return Content(**given)


def _still_asked(listing: Listing, category: object, reading: Reading) -> dict[str, object]:
    if category == listing.category or category is None:
        return dict(listing.attributes)
    known = {one.code for one in reading.book.asked_of(category)}  # type: ignore[arg-type]
    return {code: answer for code, answer in listing.attributes.items() if code in known}


def write(found: Comparison, batch: Import, reading: Reading, *, actor: Actor, at: datetime) -> None:
    """New listings, changed ones, their pictures to come, and what there is to say about the rows."""
    _write_fresh(found, batch, reading, actor, at)
    _write_changes(found, batch, reading, actor, at)
    kinds = ((ImportProblem.Kind.ERROR, found.errors), (ImportProblem.Kind.NOTE, found.notes))
    ImportProblem.objects.bulk_create(
        ImportProblem(batch=batch, kind=kind, line=one.line, sku=one.sku, field=one.field, code=one.code, sentence=one.sentence[:400])
        for kind, remarks in kinds
        for one in remarks
    )


def _write_fresh(found: Comparison, batch: Import, reading: Reading, actor: Actor, at: datetime) -> None:
    listings = [one.listing for one in found.fresh]
    if not listings:
        return
    firsts = [VariantDraft(one.wish.options, one.wish.sku) for one in found.fresh]
    new = {listing.reference for listing in listings}
    joining = [one for one in found.joining if one.listing.reference in new]
    variants = bulk.draft_many(listings=listings, firsts=firsts, actor=actor, at=at)
    variants += bulk.add_variants(drafts=[(one.listing, one.draft) for one in joining])
    rows: list[Fresh | Joining] = [*found.fresh, *joining]
    fixed_price.price_many(prices={v.pk: one.price_minor for v, one in zip(variants, rows, strict=True)}, actor=actor, at=at)
    stock.count_many(counts={v.pk: one.on_hand for v, one in zip(variants, rows, strict=True)}, actor=actor, at=at)
    if reading.terms.publish:
        bulk.publish_many(listing_ids=[listing.pk for listing in listings], actor=actor, at=at)
    _note_pictures([(one.listing.pk, one.wish, one.wish.pictures) for one in rows], batch, at)


def _write_changes(found: Comparison, batch: Import, reading: Reading, actor: Actor, at: datetime) -> None:
    real = [one for one in found.changes if one.is_revision]
    new = {one.listing.reference for one in found.fresh}
    joining = [one for one in found.joining if one.listing.reference not in new]
    if real or joining:
        ids = {one.variant.listing_id for one in real} | {one.listing.pk for one in joining}
        with bulk.revisions(listing_ids=ids, actor=actor, at=at) as rows:
            for one in real:
                if one.content and one.variant.listing_id in rows:
                    operations.write_content(listing=rows[one.variant.listing_id], content=one.content, asked_of=reading.book.asked_of)
            _write_choices(real)
            joined = bulk.add_variants(drafts=[(one.listing, one.draft) for one in joining])
            prices = {one.variant.pk: one.price_minor for one in real if one.price_minor is not None}
            prices |= {variant.pk: one.price_minor for variant, one in zip(joined, joining, strict=True)}
            fixed_price.price_many(prices=prices, actor=actor, at=at)
            counts = {one.variant.pk: one.on_hand for one in real if one.on_hand is not None}
            counts |= {variant.pk: one.on_hand for variant, one in zip(joined, joining, strict=True)}
            short = stock.count_many(counts=counts, actor=actor, at=at)
            for one in real:
                if one.variant.pk in short:  # bought since we looked
                    refused = Invalid("stock", words.RESERVED, reserved=short[one.variant.pk])
                    found.errors.append(_remark(one.wish.line, one.wish.sku, refused))
                    found.changes.remove(one)
    asked = [(one.variant.listing_id, one.wish, one.pictures) for one in found.changes]
    _note_pictures([*asked, *((one.listing.pk, one.wish, one.wish.pictures) for one in joining)], batch, at)


def _write_choices(changes: Sequence[Change]) -> None:
    """Other options of variants, and what the seller's tables call their listings."""
    for one in changes:
        if one.options is not None:
            Variant.objects.filter(pk=one.variant.pk).update(options=one.options)
        if one.group:
            Listing.objects.filter(pk=one.variant.listing_id, table_group="").update(table_group=one.group)


def _note_pictures(asked: Sequence[tuple[int, Wish, tuple[str, ...]]], batch: Import, at: datetime) -> None:
    rows = [
        ImportPicture(batch=batch, listing_id=listing, address=address, host=_host(address), line=wish.line, due_at=at)
        for listing, wish, addresses in asked
        for address in addresses
    ]
    ImportPicture.objects.bulk_create(rows, ignore_conflicts=True)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "")[:255]
    except ValueError:
        return ""
