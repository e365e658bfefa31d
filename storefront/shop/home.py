from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from marketplace.catalog.pictures import Picture
from search import queries as search
from storefront.shop import branches
from storefront.shop.listing import on_sale

FRESH = 15


@dataclass(frozen=True)
class Niche:
    """A category as an arch with something of it inside."""

    slug: str
    name: str
    photo: Picture | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    roots = branches.present().roots
    fresh = search.newest(at=now, limit=FRESH)
    # The newest thing of each branch stands in its niche; its card is fetched together with the wall's.
    niches = {node.slug: search.newest(at=now, limit=1, within=node.slug) for node in roots}
    cards = {card.reference: card for card in on_sale((*fresh, *(reference for found in niches.values() for reference in found)), now)}
    arcade = [Niche(node.slug, node.name, next((cards[one].photo for one in niches[node.slug] if one in cards), None)) for node in roots]
    context = {"arcade": arcade, "fresh": [cards[reference] for reference in fresh if reference in cards]}
    return render(request, "shop/home.html", context)
