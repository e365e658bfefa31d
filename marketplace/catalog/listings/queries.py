from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from core.compiled import compiled
from core.errors import NotHere
from marketplace.catalog.categories import attributes as answers
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import cards, page_rows, terms
from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.listings.content import Problem, misfit_words
from marketplace.catalog.listings.models import HandOver, Listing, ListingVersion, Variant, label_of
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.listings.terms import Shown, VariantTerms
from marketplace.catalog.pictures import Picture
from vendors.holidays import queries as holidays
from vendors.models import Vendor
from vendors.policies import queries as policies
from vendors.policies.models import Policy


@dataclass(frozen=True)
class VariantShown:
    reference: str
    label: str
    options: dict[str, str]
    sku: str
    available: int
    terms: VariantTerms | None


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class SellerCard:
    name: str
    slug: str
    kind: str
    place: str
    country: str
    handling_days: int
    returns_days: int
    returns_paid_by: str


@dataclass(frozen=True)
class ListingDetail:
    """Everything the listing's page says; `listing` stays the row for other rooms to look at."""

    listing: Listing
    card: ListingCard
    description: str
    breadcrumbs: tuple[Category, ...]
    gallery: tuple[Picture, ...]
    facts: tuple[Fact, ...]
    variants: tuple[VariantShown, ...]
    hand_overs: tuple[tuple[str, str], ...]
    seller: SellerCard
    inspection_days: int
    version: int

    @property
    def is_resting(self) -> bool:
        """It is there, but its shop sells nothing for a while."""
        listing = self.listing
        return listing.state == ListingState.PUBLISHED and listing.vendor.is_resting and any(variant.available for variant in self.variants)

    @property
    def is_available(self) -> bool:
        return self.listing.is_for_sale and any(variant.available for variant in self.variants)


def picture_of(photo: Any) -> Picture:
    """A photo row as the pages need it."""
    return Picture(
        reference=photo.reference,
        folder=default_storage.url(photo.folder).rstrip("/"),
        widths={int(name): width for name, width in photo.widths.items()},
        width=photo.width,
        height=photo.height,
        alt=photo.alt,
    )


def cards_for(listings: QuerySet[Listing] | Iterable[str], *, at: datetime) -> list[ListingCard]:
    """Cards in the given order: of a queryset, or of references (unknown ones are left out). Always two queries, three with reductions."""
    if isinstance(listings, QuerySet):
        return cards.of_keys(list(listings.values_list("pk", flat=True)), at=at)
    return cards.of_references(list(listings), at=at)


def cards_of(rows: Sequence[Listing], *, at: datetime) -> list[ListingCard]:
    return cards.of_keys([row.pk for row in rows], at=at)


def public(reference: str, *, at: datetime) -> ListingDetail:
    """The page of a listing that strangers may open; NotHere for drafts, paused and removed ones, and for shops that are not public."""
    found = page_rows.on_show(reference)
    if found is None:
        raise NotHere()
    row, media = found.listing, default_storage.url("")
    asking, sale_terms = terms.of(row.sale_format).in_full(Shown(row.pk, row.vendor.currency, row.published_at), at)
    return ListingDetail(
        listing=row,
        card=cards.of_row(row, asking, next(iter(found.photos), None)),
        description=row.description,
        breadcrumbs=categories.breadcrumbs(row.category) if row.category else (),
        gallery=tuple(cards.picture(photo, media) for photo in found.photos),
        facts=tuple(facts(row)),
        variants=tuple(
            VariantShown(own, label_of(options), options, sku, available, sale_terms.get(key)) for key, own, sku, options, available in found.variants
        ),
        hand_overs=tuple((code, str(HandOver(code).label)) for code in row.hand_overs),
        seller=seller_card(row.vendor, at=at),
        inspection_days=row.category.inspection_days if row.category else 14,
        version=row.version,
    )


def seller_card(vendor: Vendor, *, at: datetime) -> SellerCard:
    policy = policies.of(vendor)
    return SellerCard(
        name=vendor.name,
        slug=vendor.slug,
        kind=vendor.kind,
        place=vendor.place,
        country=str(vendor.country),
        handling_days=holidays.handling_days(vendor, at=at),
        returns_days=policy.returns_days,
        returns_paid_by=policy.returns_paid_by,
    )


def facts(row: Listing) -> list[Fact]:
    """The attributes in the reader's language, in the category's order."""
    if row.category is None:
        return []
    language = (get_language() or "en").lower()
    return [
        Fact(
            asked.label(language),
            asked.shown(row.attributes[asked.code], language, yes=say("Yes"), no=say("No")),
        )
        for asked in categories.attributes_of(row.category)
        if asked.code in row.attributes
    ]


def problems(listing: Listing) -> list[Problem]:
    """Everything that is missing before buyers may see it, in the order of the form."""
    found: list[Problem] = []
    if not listing.photos.exists() and not _shown_without_photos(listing):
        found.append(Problem("photos", _("Add at least one photo.")))
    found += problems_of_words(listing, categories.attributes_of(listing.category) if listing.category else [])
    found += terms.of(listing.sale_format).problems(listing)
    if not listing.was_published and not any(variant.available for variant in listing.variants.offered()):
        found.append(Problem("stock", _("Say how many you have.")))
    return found


def _shown_without_photos(listing: Listing) -> bool:
    """A listing of an import is shown before its pictures arrive; what has once shown a photo keeps at least one."""
    if not listing.was_published:
        return False
    last = listing.versions.order_by("-number").values_list("body__photos", flat=True).first()
    return last == []


def problems_of_words(listing: Listing, asked: Sequence[answers.Attribute]) -> list[Problem]:
    """What is missing in the row itself, by the questions of its category. Asks the database nothing."""
    found: list[Problem] = []
    if len(listing.title) < 3:
        found.append(Problem("title", _("Write a title that says what it is.")))
    if listing.category is None:
        found.append(Problem("category", _("Choose a category.")))
    if not listing.condition:
        found.append(Problem("condition", _("Say what condition it is in.")))
    if not listing.hand_overs:
        found.append(Problem("hand_overs", _("Choose how the buyer gets it.")))
    for misfit in answers.missing(asked, listing.attributes):
        words = misfit_words(misfit, asked, get_language() or "en")
        found.append(Problem(f"attributes.{misfit.code}", words))
    return found


def bodies_of_versions(listing_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Listing id → what a version of it, as it stands in the database now, keeps. Queries grow with shops and categories only."""
    offered = Prefetch("variants", Variant.objects.offered(), to_attr="offered_now")
    rows = list(Listing.objects.filter(pk__in=listing_ids).prefetch_related("vendor", "category", "photos", offered))
    asked = {row.category: categories.attributes_of(row.category) for row in {row.category_id: row for row in rows}.values() if row.category}
    promises = {row.vendor: policies.of(row.vendor) for row in {row.vendor_id: row for row in rows}.values()}
    kept: dict[int, dict[str, Any]] = {}
    for code in {row.sale_format for row in rows}:
        kept |= terms.of(code).terms_kept([row for row in rows if row.sale_format == code])
    return {row.pk: _body(row, asked[row.category] if row.category else [], kept[row.pk], promises[row.vendor]) for row in rows}


def _body(listing: Listing, asked: Sequence[answers.Attribute], kept: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Enough to show, years later, exactly what was offered and on which terms."""
    return {
        "title": listing.title,
        "description": listing.description,
        "language": listing.language,
        "condition": listing.condition,
        "category": {"slug": listing.category.slug, "names": listing.category.names} if listing.category else None,
        "attributes": [
            {"code": one.code, "labels": dict(one.labels), "answer": listing.attributes[one.code], "unit": one.unit}
            for one in asked
            if one.code in listing.attributes
        ],
        "place": listing.place,
        "hand_overs": listing.hand_overs,
        **({"payment_terms": listing.payment_terms} if listing.payment_terms else {}),
        "photos": [picture_of(photo).kept() for photo in listing.photos.all()],
        "variants": [{"reference": v.reference, "sku": v.sku, "options": v.options} for v in listing.offered_now],  # type: ignore[attr-defined]
        "sale_format": listing.sale_format,
        "terms": kept,
        "vendor": {"name": listing.vendor.name, "slug": listing.vendor.slug, "kind": listing.vendor.kind},
        "policy": {
            "handling_days": policy.handling_days,
            "returns_days": policy.returns_days,
            "returns_paid_by": policy.returns_paid_by,
        },
        "inspection_days": listing.category.inspection_days if listing.category else None,
    }


def latest_version(listing: Listing) -> ListingVersion:
    """The version that a sale made now must point to."""
    version = listing.versions.order_by("-number").first()
    if version is None:
        raise NotHere()
    return version


def latest_versions(listing_ids: Iterable[int]) -> dict[int, ListingVersion]:
    """The same for many, in one query."""
    return {row.listing_id: row for row in _latest_versions(list(set(listing_ids)))}


@compiled
def _latest_versions(listing_ids: list[int]) -> QuerySet[ListingVersion]:
    return ListingVersion.objects.filter(listing_id__in=listing_ids).order_by("listing_id", "-number").distinct("listing_id")


def of_vendor(vendor: Vendor, *, state: str = "") -> QuerySet[Listing]:
    """The shop's own list, newest change first; removed ones are left out unless asked for."""
    rows = Listing.objects.of(vendor.pk)
    return rows.filter(state=state) if state else rows.exclude(state=ListingState.REMOVED)


def variants_of(listing: Listing) -> QuerySet[Variant]:
    return listing.variants.offered()
