from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from marketplace.catalog.categories.queries import CategoryNode
from marketplace.catalog.pictures import Picture
from search import queries as search
from search.query import Facet, SearchQuery, Sort
from storefront.shop import branches, continued
from storefront.shop.branches import Branches
from storefront.shop.delivery import with_delivery
from storefront.shop.listing import on_sale

FRESH, NICHES = 15, 8


@dataclass(frozen=True)
class Niche:
    """A category as an arch with something of it inside."""

    slug: str
    name: str
    photo: Picture | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    tree = branches.present()
    newest = search.find(SearchQuery(sort=Sort.NEWEST, per_page=FRESH), at=now)
    nodes = _fullest(tree, newest.facet("category"))
    # The newest thing of each category stands in its niche; its card is fetched together with the wall's.
    niches = {node.slug: search.newest(at=now, limit=1, within=node.slug) for node in nodes}
    cards = {card.reference: card for card in on_sale((*newest.references, *chain.from_iterable(niches.values())), now)}
    arcade = [Niche(node.slug, node.name, next((cards[one].photo for one in niches[node.slug] if one in cards), None)) for node in nodes]
    context = {
        "arcade": arcade,
        "fresh": with_delivery([cards[reference] for reference in newest.references if reference in cards]),
        "roots": tree.roots,
        "continued": continued.of(request.user) if isinstance(request.user, User) else (),
        "no_find": True,
    }
    return render(request, "shop/home.html", context)


def _fullest(tree: Branches, counted: Facet) -> list[CategoryNode]:
    """The leaves with the most things, in the tree's order; the branches themselves while the market is empty."""
    leaves = [(one.count, node) for one in counted.values if (node := tree.get(one.value)) and not node.children]
    chosen = {node.slug for _count, node in sorted(leaves, key=lambda leaf: (-leaf[0], leaf[1].slug))[:NICHES]}
    return [node for node in tree.leaves if node.slug in chosen] or list(tree.roots)
