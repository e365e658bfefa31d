"""What waits for me today, in the shop that I look at."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from escrow.payouts import queries as payouts
from marketplace.fulfilment import registry as fulfilment
from marketplace.orders import queries as orders
from vendors.members import access, roles
from vendors.members import queries as members
from vendors.profiles.queries import onboarding


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    shops = list(members.shops_of(request.user)[:50])
    wanted = request.GET.get("shop", "")
    shop = next((shop for shop in shops if shop.slug == wanted), shops[0] if shops else None)
    if shop is None:
        return render(request, "selling/dashboard/none.html")
    at = clock.now()
    mine = access.permissions_in(request.user, shop)
    context: dict[str, Any] = {"shop": shop, "section": "today", "others": [one for one in shops if one != shop], "mine": mine, "now": at}
    if roles.VIEW_ORDERS in mine:
        context["figures"] = orders.numbers_of(shop, at=at)
        context["rows"] = [(order, orders.next_step(order, "seller", at)) for order in orders.today(shop, at=at)]
    if roles.VIEW_MONEY in mine:
        context["balance"] = payouts.balance_of(shop.party.key, shop.currency)
    context["steps"] = [step for step in onboarding(shop) if not step.done]
    context["no_way"] = not fulfilment.has_a_way(shop)
    return render(request, "selling/dashboard/today.html", context)
