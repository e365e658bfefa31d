"""Finding listings in a shop's own shelves, and what a change would do to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import NamedNotHere
from core.money import Money, exponent
from core.together import together
from marketplace.assortment.actions import Reprice
from marketplace.assortment.models import BulkChange
from marketplace.assortment.repricing import new_price
from marketplace.catalog.categories.models import in_language
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.states import PUBLISHED, SOLD_OUT, ListingState
from marketplace.catalog.photos.models import Photo
from marketplace.catalog.pictures import Picture
from marketplace.catalog.stock.models import StockMove
from marketplace.orders.models import Order
from marketplace.sale_formats.fixed_price.models import Price
from vendors.models import Vendor

SORTS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "changed": (_("Changed last"), ("-changed_at", "-pk")),
    "title": (_("Title, A to Z"), ("title", "pk")),
    "cheap": (_("Lowest price first"), ("asking_minor", "pk")),
    "dear": (_("Highest price first"), ("-asking_minor", "pk")),
    "stock": (_("Least in stock first"), ("available", "pk")),
}
REASONS: Mapping[str, str | Promise] = {"bulk": _("Many listings at once"), "editor": _("In the editor"), "import": _("From a file")}
LONGEST_WORDS = 80
MOST_WORDS = 6


@dataclass(frozen=True)
class Filter:
    """What the seller looks for; empty fields ask for nothing."""

    state: str = ""
    category: str = ""
    low: bool = False
    words: str = ""


@dataclass(frozen=True)
class Shelf:
    """How the listings with the wanted words are spread, in one query: by state under the other wishes, the categories there are,
    how many run low, how many match every wish, and how many have the words."""

    states: dict[str, int]
    categories: dict[str, str]
    low: int
    matching: int
    everything: int


def find(vendor: Vendor, wanted: Filter) -> QuerySet[Listing]:
    rows = _by_words(listings.of_vendor(vendor, state=wanted.state), wanted.words)
    if wanted.category:
        rows = rows.filter(category__slug=wanted.category)
    if wanted.low:
        rows = rows.filter(_is_low(), state__in=[PUBLISHED, SOLD_OUT])
    return rows


def _by_words(rows: QuerySet[Listing], words: str) -> QuerySet[Listing]:
    for word in words[:LONGEST_WORDS].split()[:MOST_WORDS]:
        numbered = Variant.objects.offered().filter(listing=OuterRef("pk"), sku__istartswith=word)
        rows = rows.filter(Q(title__icontains=word) | Q(reference=word.upper()) | Exists(numbered))
    return rows


def _is_low() -> Exists:
    return Exists(Variant.objects.offered().filter(listing=OuterRef("pk"), low_since__isnull=False))


def shelf(vendor: Vendor, wanted: Filter) -> Shelf:
    grouped = (
        _by_words(listings.of_vendor(vendor), wanted.words)
        .order_by()
        .annotate(is_low=Case(When(Q(state__in=[PUBLISHED, SOLD_OUT]) & _is_low(), then=True), default=False))
        .values_list("state", "is_low", "category__slug", "category__names")
        .annotate(count=Count("pk"))
    )
    states: dict[str, int] = {}
    names: dict[str, str] = {}
    low = matching = everything = 0
    for state, is_low, slug, words, count in grouped:
        everything += count
        if slug:
            names[slug] = in_language(words) or slug
        if wanted.category and wanted.category != slug:
            continue
        low += count if is_low else 0
        if is_low or not wanted.low:
            states[state] = states.get(state, 0) + count
            matching += count if wanted.state in ("", state) else 0
    return Shelf(states, dict(sorted(names.items(), key=lambda pair: pair[1].lower())), low, matching, everything)


def with_figures(rows: QuerySet[Listing], *, at: datetime) -> QuerySet[Listing]:
    """Each listing with what its row in the list says, in the same query: `asking_minor` and `dearest_minor` now, `available`,
    `low`, `choices` (how many variants) and `first_photo`."""
    offered = Variant.objects.offered().filter(listing=OuterRef("pk")).order_by().values("listing")
    asked = Price.objects.filter(variant__listing=OuterRef("pk"), variant__retired_at__isnull=True).order_by().values("variant__listing")
    now = Case(
        When(Q(special_from__lte=at) & (Q(special_until__isnull=True) | Q(special_until__gt=at)), then=F("special_minor")),
        default=F("price_minor"),
    )
    photo = Photo.objects.filter(listing=OuterRef("pk")).order_by("position", "pk")
    told = JSONObject(reference="reference", folder="folder", widths="widths", width="width", height="height", alt="alt")
    return rows.annotate(
        asking_minor=Subquery(asked.annotate(low=Min(now)).values("low")),
        dearest_minor=Subquery(asked.annotate(top=Max(now)).values("top")),
        available=Subquery(offered.annotate(left=Sum(F("on_hand") - F("reserved"))).values("left")),
        choices=Subquery(offered.annotate(count=Count("pk")).values("count")),
        low=_is_low(),
        first_photo=Subquery(photo.annotate(told=told).values("told")[:1]),
    ).select_related("category")


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    listing: Listing
    price: Money | None
    varies: bool
    available: int
    low: bool
    choices: int
    photo: Picture | None

    @property
    def state_words(self) -> str:
        return str(ListingState(self.listing.state).label)


def rows_of(found: Sequence[Listing], vendor: Vendor) -> list[Row]:
    """Listings `with_figures` as the page shows them."""
    return [_row(listing, vendor) for listing in found]


def _row(listing: Any, vendor: Vendor) -> Row:
    photo = listing.first_photo
    return Row(
        listing=listing,
        price=Money(listing.asking_minor, vendor.currency) if listing.asking_minor is not None else None,
        varies=listing.asking_minor != listing.dearest_minor,
        available=listing.available or 0,
        low=listing.low and listing.state in (PUBLISHED, SOLD_OUT),
        choices=listing.choices or 0,
        photo=listings.picture_of(_Kept(photo)) if photo else None,
    )


class _Kept:
    """A photo's columns as attributes."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.__dict__.update(columns)


@dataclass(frozen=True)
class NewPrice:
    """What one variant costs now and would cost; `problem` says why it would not."""

    title: str
    label: str
    language: str
    before: Money
    after: Money
    problem: str | Promise = ""

    @property
    def stays(self) -> bool:
        return self.before == self.after


def preview(chosen: QuerySet[Listing], vendor: Vendor, action: Reprice, *, at_most: int) -> list[NewPrice]:
    """Old and new prices of the first so many variants, in the order of the list. The same arithmetic as the change itself."""
    ids = list(chosen.values_list("pk", flat=True)[:at_most])
    rows = Price.objects.filter(variant__listing_id__in=ids, variant__retired_at__isnull=True).select_related("variant__listing")
    place = {pk: index for index, pk in enumerate(ids)}
    ordered = sorted(rows, key=lambda row: (place[row.variant.listing_id], row.variant.position, row.pk))[:at_most]
    return [_new_price(row, vendor, action) for row in ordered]


def chosen_of(vendor: Vendor, references: Iterable[str]) -> list[int]:
    """The ids behind references of this very shop; one that is not there makes the whole choice not here."""
    wanted = {reference.upper() for reference in references}
    found = list(Listing.objects.filter(vendor=vendor, reference__in=wanted).values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise NamedNotHere(field="listings")
    return found


def _new_price(row: Price, vendor: Vendor, action: Reprice) -> NewPrice:
    after = new_price(row.price_minor, action.rule, exponent(vendor.currency))
    special = row.special_minor is not None and after <= row.special_minor
    problem = (
        _("The price would fall below the smallest amount.") if after < 1 else _("Its special price would not be lower any more.") if special else ""
    )
    listing = row.variant.listing
    return NewPrice(
        listing.title, row.variant.label, listing.language, Money(row.price_minor, vendor.currency), Money(after, vendor.currency), problem
    )


@dataclass(frozen=True)
class StockLine:
    """One change of a variant's count: when, by whom, why, and which order it belongs to."""

    at: datetime
    what: str
    who: str
    reason: str
    change: int
    reserved_change: int
    before: int
    after: int
    order: str
    number: str


def stock_history(variant: Variant) -> QuerySet[StockMove, dict[str, Any]]:
    """The moves of a variant, newest first, each with `after`: how many were on hand then."""
    running = Window(Sum("on_hand_change"), order_by="pk")
    columns = ("at", "kind", "reason", "trade", "actor_kind", "actor_reference", "on_hand_change", "reserved_change", "after")
    rows: QuerySet[StockMove, dict[str, Any]] = stock_moves(variant).annotate(after=running).order_by("-pk").values(*columns)
    return rows


def stock_moves(variant: Variant) -> QuerySet[StockMove]:
    return StockMove.objects.filter(variant=variant)


def stock_lines(rows: Sequence[Mapping[str, Any]], vendor: Vendor) -> list[StockLine]:
    """A page of the history in words. Members are named; of buyers it says no more than that they bought."""
    orders = Order.objects.filter(vendor=vendor, trade__in={row["trade"] for row in rows if row["trade"]}).only("trade", "reference")
    people = User.objects.filter(reference__in={row["actor_reference"] for row in rows if row["actor_kind"] == "user"}, memberships__vendor=vendor)
    people = people.distinct()
    together(orders, people)
    by_trade = {order.trade: order for order in orders}
    names = {person.reference: person.shown_name for person in people}
    return [_stock_line(row, by_trade.get(row["trade"]), names) for row in rows]


def _stock_line(row: Mapping[str, Any], order: Order | None, names: Mapping[str, str]) -> StockLine:
    return StockLine(
        at=row["at"],
        what=str(StockMove.Kind(row["kind"]).label),
        who=names.get(row["actor_reference"]) or str(_("Buyer") if row["actor_kind"] in ("user", "guest") else _("Souk")),
        reason=str(REASONS.get(row["reason"], row["reason"])),
        change=row["on_hand_change"],
        reserved_change=row["reserved_change"],
        before=row["after"] - row["on_hand_change"],
        after=row["after"],
        order=order.reference if order else "",
        number=order.number if order else "",
    )


def changes_of(vendor: Vendor) -> QuerySet[BulkChange]:
    return BulkChange.objects.filter(vendor=vendor)
