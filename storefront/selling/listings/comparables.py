"""Beside the editor's price: what similar things sold for, titles that others chose, and where such things lie."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.money import Money
from marketplace.analytics import comparables, queries
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.models import Listing
from search import queries as search
from storefront.selling.listings.overview import words_of_listing

ALIKE = 12
TITLES = 6


@login_required
@require_safe
def compared(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """A fragment of the editor; opened by itself, a page."""
    listing, at = words_of_listing(request, shop, reference), clock.now()
    asked = {name: request.GET.get(name, kept)[:120] for name, kept in _kept(listing).items()}
    context = {"vendor": listing.vendor, "listing": listing, **_found(listing, **asked, at=at)}
    template = "selling/listings/_comparables.html" if request.headers.get("HX-Request") else "selling/listings/comparables.html"
    return render(request, template, context)


def _kept(listing: Listing) -> dict[str, str]:
    return {"title": listing.title, "category": listing.category.slug if listing.category else "", "condition": listing.condition}


def _name_of(slug: str) -> str:
    """From the tree, which is kept in memory."""
    nodes = categories.whole_tree()
    while nodes:
        node = nodes.pop()
        if node.slug == slug:
            return node.name
        nodes.extend(node.children)
    return ""


def _found(listing: Listing, *, title: str, category: str, condition: str, at: datetime) -> dict[str, Any]:
    currency = listing.vendor.currency
    sold, alike = comparables.like(title, condition, queries.sold_in(category, currency, at=at) if category else [])
    near = search.similar(reference=listing.reference, title=title, category="", at=at, limit=ALIKE) if comparables.words_of(title) else ()
    cards = [card for card in listings.cards_for(near, at=at) if comparables.likeness(title, card.title) >= comparables.ALIKE]
    band, offered = comparables.band(one.unit_minor for one in sold), False
    if band is None:
        prices = [card.price.amount_minor for card in cards if card.price and card.price.currency == currency and card.category_slug == category]
        band, offered, alike = comparables.band(prices), True, True
    better = comparables.favourite([card.category_slug for card in cards], instead_of=category)
    found = [*(one.title for one in sold if alike and not offered), *(card.title for card in cards)]
    return {
        "band": band,
        "low": Money(band.low, currency) if band else None,
        "middle": Money(band.middle, currency) if band else None,
        "high": Money(band.high, currency) if band else None,
        "offered": offered,
        "alike": alike,
        "titles": comparables.titles(title, found, most=TITLES) if comparables.words_of(title) else [],
        "better": better,
        "better_name": _name_of(better),
    }
