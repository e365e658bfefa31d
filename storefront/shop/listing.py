from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from django_countries import countries

from accounts.models import Address, User
from core import clock
from core.errors import NotHere
from core.money import Money
from escrow.plans import terms
from escrow.plans.schedule import is_possible
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.listings.models import Condition, HandOver, Listing
from marketplace.catalog.listings.queries import ListingDetail, VariantShown
from marketplace.catalog.listings.states import ListingState
from search import queries as search
from storefront.shop.delivery import arrival, with_delivery

SIMILAR = 5
SCRIPT_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Choice:
    """One variant as a choice: what it costs at which quantities, and whether it can be had."""

    variant: VariantShown
    price: Money
    is_chosen: bool

    @property
    def is_available(self) -> bool:
        return self.variant.available >= self.least

    @property
    def least(self) -> int:
        return self.variant.terms.min_quantity if self.variant.terms else 1

    @property
    def has_breaks(self) -> bool:
        return bool(self.variant.terms and len(self.variant.terms.breaks) > 0)


@require_safe
def listing(request: HttpRequest, reference: str, title: str = "") -> HttpResponse:
    now = clock.now()
    try:
        shown = listings.public(reference.upper(), at=now)
    except NotHere:
        return gone(request, reference.upper(), now)
    if request.path != shown.card.href:
        return redirect(shown.card.href, permanent=True)
    card = shown.card
    choices = choices_of(shown, request.GET.get("variant", ""))
    chosen = next((choice for choice in choices if choice.is_chosen), None)
    is_away = shown.is_resting
    context = {
        "shown": shown,
        "card": card,
        "choices": choices,
        "chosen": chosen,
        **_delivered(shown, chosen, request, now),
        "in_parts": _in_parts(shown.listing, chosen),
        "is_sold_out": not shown.is_available and not is_away,
        "is_away": is_away,
        "ships_later": shown.listing.vendor.is_away_and_sells(now),
        "country": countries.name(shown.seller.country),
        "category_href": f"/c/{card.category_slug}/" if card.category_slug else "",
        "ships": HandOver.PARCEL in shown.listing.hand_overs,
        "picked_up": HandOver.PICKUP in shown.listing.hand_overs,
        "canonical": iri_to_uri(settings.SOUK.url + card.href),
        "structured": structured(shown),
        "similar": with_delivery(alike(card, now)) if not shown.is_available else (),
    }
    return render(request, "shop/listing.html", context, status=200 if shown.is_available or is_away else 410)


def _in_parts(row: Listing, chosen: Choice | None) -> str:
    """How it may be paid in parts, where its price divides into parts worth paying."""
    offered = terms.read(row.payment_terms)
    if offered is None or chosen is None or not is_possible(offered, total_minor=chosen.price.amount_minor, currency=chosen.price.currency):
        return ""
    return terms.summary(offered)


def _delivered(shown: ListingDetail, chosen: Choice | None, request: HttpRequest, now: datetime) -> dict[str, object]:
    """What one pays in the end: with the cheapest parcel to the visitor's country, or the seller's for a stranger."""
    if chosen is None:
        return {}
    country = country_of(request) or shown.seller.country
    found = arrival(shown, unit=chosen.price, least=chosen.least, country=country, at=now)
    total = chosen.price + found.price if found and chosen.least == 1 else chosen.price
    return {"arrival": found, "total": total}


def country_of(request: HttpRequest) -> str:
    """Where the visitor's parcels go; empty for a stranger or without an address."""
    if not isinstance(request.user, User):
        return ""
    return str(Address.objects.filter(user=request.user).order_by("-is_default", "pk").values_list("country", flat=True).first() or "")


def gone(request: HttpRequest, reference: str, now: datetime) -> HttpResponse:
    """Something strangers could once open: say so, show what is like it, and nothing of what was taken down."""
    row = Listing.objects.filter(reference=reference, published_at__isnull=False).select_related("category").first()
    if row is None:
        raise NotHere()
    near = search.newest(at=now, limit=SIMILAR, within=row.category.slug if row.category else "")
    context = {"category": row.category, "similar": with_delivery(on_sale(near, now))}
    return render(request, "shop/listing_gone.html", context, status=410)


@require_safe
def similar(request: HttpRequest, reference: str) -> HttpResponse:
    """What is like it, fetched when the visitor scrolls there: the page itself stays quick."""
    now = clock.now()
    cards = listings.cards_for([reference.upper()], at=now)
    if not cards or cards[0].state != ListingState.PUBLISHED:
        raise NotHere()
    card = cards[0]
    context = {"similar": with_delivery(alike(card, now)), "category_href": f"/c/{card.category_slug}/"}
    return render(request, "shop/_similar.html", context)


def choices_of(shown: ListingDetail, wanted: str) -> list[Choice]:
    """Every variant that has a price; the wanted one is chosen, else the first that can be had."""
    priced = [(variant, variant.terms) for variant in shown.variants if variant.terms]
    able = [variant.reference for variant, terms in priced if variant.available >= terms.min_quantity]
    known = {variant.reference for variant, _ in priced}
    first = wanted if wanted in known else next(iter(able or known), "")
    return [Choice(variant, terms.price, variant.reference == first) for variant, terms in priced]


def alike(card: ListingCard, now: datetime) -> list[ListingCard]:
    references = search.similar(reference=card.reference, title=card.title, category=card.category_slug, at=now, limit=SIMILAR)
    return on_sale(references, now)


def on_sale(references: tuple[str, ...], now: datetime) -> list[ListingCard]:
    """Cards of what can still be bought: the index may be a moment behind."""
    return [card for card in listings.cards_for(references, at=now) if card.state == ListingState.PUBLISHED]


def structured(shown: ListingDetail) -> SafeString:
    """The listing in schema.org's words, safe inside a script element."""
    card = shown.card
    used = card.condition not in (Condition.NEW, "")
    product: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.title,
        "description": shown.description[:500],
        "sku": card.reference,
        "image": [settings.SOUK.url + picture.large for picture in shown.gallery],
        "category": shown.breadcrumbs[-1].name if shown.breadcrumbs else "",
    }
    if card.price:
        product["offers"] = {
            "@type": "Offer",
            "url": settings.SOUK.url + card.href,
            "price": card.price.plain(),
            "priceCurrency": card.price.currency,
            "availability": "https://schema.org/" + ("InStock" if shown.is_available else "SoldOut"),
            "itemCondition": "https://schema.org/" + ("UsedCondition" if used else "NewCondition"),
            "seller": {"@type": "Organization" if card.vendor_kind == "business" else "Person", "name": card.vendor_name},
        }
    return mark_safe(json.dumps(product, ensure_ascii=False).translate(SCRIPT_ESCAPES))  # noqa: S308  # escaped in the line itself
