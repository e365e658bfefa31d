"""A shop's public page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from marketplace.catalog.listings import queries as listings
from storefront.paging import page_of
from storefront.shop.delivery import with_delivery
from vendors.holidays.queries import handling_days
from vendors.policies.queries import of as policy_of
from vendors.profiles import queries as vendors

SHOWN = 24


@require_safe
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    at, shop = clock.now(), vendors.public(slug)
    shown = listings.of_vendor(shop, state="published").order_by("-published_at", "-pk").only("pk")
    page = page_of(shown, per_page=SHOWN, asked=request.GET.get("page", ""))
    cards = with_delivery(listings.cards_of(list(page.object_list), at=at))
    context = {
        "shop": shop,
        "policy": policy_of(shop),
        "handling_days": handling_days(shop, at=at),
        "ships_later": shop.is_away_and_sells(at),
        "page": page,
        "cards": cards,
    }
    return render(request, "vendors/vendor.html", context)
