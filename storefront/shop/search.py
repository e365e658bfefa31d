from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.errors import NotHere
from storefront.shop import asking, branches, results
from storefront.shop.branches import Branches
from storefront.shop.results import Results


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    tree = branches.present()
    found = answer(request, tree)
    context = {**_laid_out(found), "heading": _heading(found), "words": found.query.words}
    return render(request, "shop/search.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    tree = branches.present()
    line = tree.line_to(slug)
    if not line:
        raise NotHere()
    found = answer(request, tree, within=slug)
    node = line[-1]
    context = {**_laid_out(found), "category": node, "heading": node.name, "crumbs": line[:-1], "below": tree.below(slug)}
    return render(request, "shop/category.html", context)


def answer(request: HttpRequest, tree: Branches, *, within: str = "") -> Results:
    """The visitor's question, answered; attributes can be filtered by where one category is meant."""
    home = settings.HOME_CURRENCY
    asked = asking.read(request.GET, within=within, currency=home)
    chosen = asked.query.categories[0] if len(asked.query.categories) == 1 else within
    attributes = branches.filterable_in(chosen) if chosen and tree.get(chosen) else []
    return results.of(asked, tree, attributes, home_currency=home, at=clock.now())


def _laid_out(found: Results) -> dict[str, object]:
    return {
        "results": found,
        "path": f"/c/{found.query.within}/" if found.query.within else asking.SEARCH_PATH,
        "canonical": settings.SOUK.url + found.canonical,
    }


def _heading(found: Results) -> str:
    if not found.query.words:
        return _("Everything on Souk")
    return found.query.words
