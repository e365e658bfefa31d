from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from search import queries as search
from storefront.shop import branches
from storefront.shop.listing import on_sale

FRESH = 15


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "branches": branches.present().roots,
        "fresh": on_sale(search.newest(at=now, limit=FRESH), now),
    }
    return render(request, "shop/home.html", context)
