"""What waits for me today, in the shop that I look at."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.money import Money
from core.together import remember
from escrow.payouts import queries as payouts
from marketplace.analytics import queries as analytics
from marketplace.fulfilment import registry as fulfilment
from marketplace.orders import queries as orders
from storefront.selling.dashboard.chart import bars
from vendors.members import access, roles
from vendors.profiles.queries import onboarding


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    shops = access.shops_for(request.user)
    wanted = request.GET.get("shop", "")
    shop = next((shop for shop in shops if shop.slug == wanted), shops[0] if shops else None)
    if shop is None:
        return render(request, "selling/dashboard/none.html")
    at = clock.now()
    mine = access.permissions_in(request.user, shop)
    context: dict[str, Any] = {"shop": shop, "section": "today", "others": [one for one in shops if one != shop], "mine": mine, "now": at}
    if roles.VIEW_ORDERS in mine:
        ways = fulfilment.ways_to_read(shop)
        context["figures"] = orders.numbers_of(shop, *ways.values(), at=at)
        for name, way in ways.items():
            remember(shop, name, way)
        context["rows"] = [(order, orders.next_step(order, "seller", at)) for order in orders.today(shop, at=at)]
    if roles.VIEW_MONEY in mine:
        rows = analytics.month_rows(shop, at=at)
        context["balance"] = payouts.balance_of(shop.party.key, shop.currency, rows)
        months = analytics.months_in(rows, shop, at=at)
        context["months"] = list(zip(months, bars([month.amount.amount_minor for month in months]), strict=True))
        context["sold"] = Money.total((month.amount for month in months), shop.currency)
    context["steps"] = [step for step in onboarding(shop) if not step.done]
    context["no_way"] = not fulfilment.has_a_way(shop)
    return render(request, "selling/dashboard/today.html", context)


@require_safe
@login_required
def sales(request: HttpRequest) -> HttpResponse:
    """The chart's numbers as a file."""
    shop = access.get_for(request.user, slug=request.GET.get("shop", "").replace("\x00", ""), permission=roles.VIEW_MONEY)
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="sales-{shop.slug}.csv"'})
    writer = csv.writer(answer)
    writer.writerow(["month", "orders", "sales", "currency"])
    for month in analytics.sales_by_month(shop, at=clock.now()):
        writer.writerow([f"{month.first_day:%Y-%m}", month.orders, month.amount.plain(), shop.currency])
    return answer
