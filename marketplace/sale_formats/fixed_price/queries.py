from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from core.compiled import attach
from core.errors import Kind, Refusal
from core.money import Money
from core.together import together
from marketplace.catalog.listings.content import Problem
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.terms import Asking, QuantityPrice, Shown, VariantTerms
from marketplace.catalog.photos.models import Photo
from marketplace.sale_formats.base import UnitPrice
from marketplace.sale_formats.fixed_price import priced
from marketplace.sale_formats.fixed_price.models import Price, PriceBreak, PriceChange
from marketplace.sale_formats.fixed_price.priced import Priced
from marketplace.sale_formats.fixed_price.pricing import PricePoint, honest_was, price_at


class MinimumQuantity(Refusal):
    code = "minimum_quantity"
    kind = Kind.CONFLICT
    sentence = _("This is sold from {minimum} pieces on.")


class NoPrice(Refusal):
    code = "no_price"
    kind = Kind.CONFLICT
    sentence = _("The seller has not set a price for this.")


def asking_price(*, variant: Variant, quantity: int, at: datetime) -> UnitPrice:
    found = priced.of_variants([variant.pk])
    if not found:
        raise NoPrice(field="variant")
    table = found[0].table
    if quantity < table.min_quantity:
        raise MinimumQuantity(field="quantity", minimum=table.min_quantity)
    return price_at(table, quantity, at)


def with_offers(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Listings whose `offered` holds the variants on offer, each with its price and breaks: for lists and editors."""
    variants = Variant.objects.offered().select_related("price").prefetch_related("price_breaks")
    return listings.select_related("vendor", "category").prefetch_related("photos", Prefetch("variants", variants, to_attr="offered"))


def read_offers(listing: Listing) -> Listing:
    """The same around one listing that was read already, in one question."""
    photos, offered = Photo.objects.filter(listing=listing), Variant.objects.offered().filter(listing=listing).select_related("price")
    breaks = PriceBreak.objects.filter(variant__in=Variant.objects.offered().filter(listing=listing).order_by().values("pk"))
    together(photos, offered, breaks)
    attach([listing], "photos", photos, by="listing")
    attach(offered, "price_breaks", breaks, by="variant")
    for variant in offered:
        variant.listing = listing
    listing.offered = list(offered)  # type: ignore[attr-defined]  # as `with_offers` leaves it
    return listing


def history_of(variant_ids: Sequence[int]) -> dict[int, list[PricePoint]]:
    points: dict[int, list[PricePoint]] = {}
    for change in PriceChange.objects.filter(variant_id__in=variant_ids).order_by("at", "pk"):
        points.setdefault(change.variant_id, []).append(change.point)
    return points


def _prices_of(listings: Sequence[Listing]) -> list[Price]:
    rows = Price.objects.filter(variant__listing__in=listings, variant__retired_at__isnull=True)
    return list(rows.select_related("variant").prefetch_related("variant__price_breaks").order_by("variant__position", "pk"))


def _was(row: Priced, points: dict[int, list[PricePoint]], at: datetime) -> Money | None:
    was = honest_was(row.table, points.get(row.variant_id, []), at, shown_since=row.shown_since)
    return Money(was, row.currency) if was is not None else None


def _past_of_reduced(rows: Sequence[Priced], at: datetime) -> dict[int, list[PricePoint]]:
    """Only a running special needs its past to be told honestly."""
    reduced = [row.variant_id for row in rows if row.table.special and row.table.special.holds(at)]
    return history_of(reduced) if reduced else {}


class FixedPrice:
    """The format as the catalogue and the basket see it."""

    code = "fixed_price"

    def asking_price(self, variant: Variant, quantity: int, at: datetime) -> UnitPrice:
        return asking_price(variant=variant, quantity=quantity, at=at)

    def asking_prices(self, lines: list[tuple[Variant, int]], at: datetime) -> dict[int, UnitPrice]:
        wanted = {variant.pk: quantity for variant, quantity in lines}
        rows = [(row.variant_id, row.table) for row in priced.of_variants(list(wanted))]
        return {key: price_at(table, wanted[key], at) for key, table in rows if wanted[key] >= table.min_quantity}

    def minimum_quantities(self, variant_ids: Sequence[int]) -> dict[int, int]:
        return dict(Price.objects.filter(variant_id__in=variant_ids).values_list("variant_id", "min_quantity"))

    def problems(self, listing: Listing) -> list[Problem]:
        unpriced = listing.variants.offered().filter(price__isnull=True)
        return [Problem("price", _("Set a price."))] if unpriced.exists() else []

    def terms_kept(self, listings: Sequence[Listing]) -> dict[int, dict[str, Any]]:
        kept: dict[int, dict[str, Any]] = {row.pk: {"currency": row.vendor.currency, "prices": {}} for row in listings}
        for price in _prices_of(listings):
            kept[price.variant.listing_id]["prices"][price.variant.reference] = _kept(price)
        return kept

    def asking(self, listings: Sequence[Shown], at: datetime) -> dict[int, Asking]:
        rows = priced.of_listings(listings)
        points = _past_of_reduced(rows, at)
        offered: dict[int, list[Priced]] = {}
        for row in rows:
            offered.setdefault(row.listing_id, []).append(row)
        return {listing_id: _asking(variants, points, at) for listing_id, variants in offered.items()}

    def in_full(self, listing: Shown, at: datetime) -> tuple[Asking | None, dict[int, VariantTerms]]:
        rows = priced.of_listings([listing])
        points = _past_of_reduced(rows, at)
        return _asking(rows, points, at) if rows else None, {row.variant_id: _variant_terms(row, points, at) for row in rows}


def _asking(rows: list[Priced], points: dict[int, list[PricePoint]], at: datetime) -> Asking:
    """The cheapest of what is available, at the smallest quantity that it is sold in."""
    available = [row for row in rows if row.is_available] or rows
    units = [price_at(row.table, row.table.min_quantity, at).unit_minor for row in available]
    lowest = min(units)
    cheapest = available[units.index(lowest)]
    return Asking(
        price=Money(lowest, cheapest.currency),
        was=_was(cheapest, points, at),
        varies=len(set(units)) > 1,
        min_quantity=cheapest.table.min_quantity,
    )


def _variant_terms(row: Priced, points: dict[int, list[PricePoint]], at: datetime) -> VariantTerms:
    currency, table = row.currency, row.table
    unit = price_at(table, table.min_quantity, at)
    running = table.special is not None and table.special.holds(at)
    quantities = [step.min_quantity for step in table.breaks if step.min_quantity > table.min_quantity]
    return VariantTerms(
        price=Money(unit.unit_minor, currency),
        ordinary=Money(unit.list_minor, currency),
        was=_was(row, points, at),
        min_quantity=table.min_quantity,
        breaks=tuple(QuantityPrice(q, Money(price_at(table, q, at).unit_minor, currency)) for q in quantities),
        special_until=table.special.ends_at if running and table.special else None,
    )


def _kept(price: Price) -> dict[str, Any]:
    special = price.special
    return {
        "price_minor": price.price_minor,
        "min_quantity": price.min_quantity,
        "special": special
        and {
            "price_minor": special.price_minor,
            "from": special.starts_at.isoformat(),
            "until": special.ends_at.isoformat() if special.ends_at else None,
        },
        "breaks": [{"min_quantity": step.min_quantity, "price_minor": step.price_minor} for step in price.table.breaks],
    }
