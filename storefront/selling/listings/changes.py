"""One change to many listings: what it would do, then doing it, then how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users import queries as users
from core import clock, references
from core.errors import NotHere, Refusal
from marketplace.assortment import access, operations, queries
from marketplace.assortment.actions import Action, Reprice
from storefront.selling.listings.action_forms import ActionForm, form_for
from storefront.selling.listings.asking import WHICH, asked_in, chosen_in
from storefront.selling.listings.overview import shop_of
from vendors.models import Vendor

SHOWN = 100
KEPT = ("which", "here", "do", "kind", "value", "ending", "quantity", "slug", "move", "state", "category", "low", "q", "sort")


@login_required
@require_safe
def new(request: HttpRequest, shop: str) -> HttpResponse:
    """Ask how, and show what would come of it. Nothing is changed here."""
    vendor, data = shop_of(request, shop), request.GET
    form = form_for(data.get("do", ""), data, currency=vendor.currency)
    if form is None or data.get("which", "ticked") not in WHICH:
        raise NotHere
    count = chosen_in(data, vendor).count()
    if not count:
        messages.warning(request, _("Choose at least one listing."))
        return redirect("storefront:listings:list", shop)
    return _page(request, vendor, form, count, at=clock.now())


def _page(request: HttpRequest, vendor: Vendor, form: ActionForm, count: int, *, at: datetime, status: int = 200) -> HttpResponse:
    data = request.GET if request.method != "POST" else request.POST
    action = form.action() if form.is_bound else None
    context = {
        "vendor": vendor,
        "form": form,
        "do": data["do"],
        "count": count,
        "action": action,
        "prices": _preview(vendor, action, data),
        "shown": SHOWN,
        "kept": [(name, value) for name in (*KEPT, "pick") for value in data.getlist(name)],
        "chosen": [
            (name, value) for name in ("which", "here", "do", *(n for n, _v in asked_in(data).pairs()), "pick") for value in data.getlist(name)
        ],
        "key": references.new(),
        "seen_at": at.isoformat(),
    }
    return render(request, "selling/listings/new_change.html", context, status=422 if form.errors else status)


def _preview(vendor: Vendor, action: Action | None, data: Any) -> list[queries.NewPrice]:
    if not isinstance(action, Reprice):
        return []
    return queries.preview(chosen_in(data, vendor), vendor, action, at_most=SHOWN)


@login_required
@require_POST
def begin(request: HttpRequest, shop: str) -> HttpResponse:
    vendor, data, at = shop_of(request, shop), request.POST, clock.now()
    form = form_for(data.get("do", ""), data, currency=vendor.currency)
    if form is None:
        raise NotHere
    action, chosen = form.action() if form.is_bound else None, chosen_in(data, vendor)
    if action is None:
        return _page(request, vendor, form, chosen.count(), at=at, status=422)
    by: dict[str, Any] = {"actor": users.actor_of(request.user), "at": at, "seen_at": _moment(data.get("seen_at", ""))}  # type: ignore[arg-type]
    try:
        ids = list(chosen.values_list("pk", flat=True)[: operations.MOST_LISTINGS + 1])
        change = operations.begin(vendor=vendor, listing_ids=ids, action=action, key=data.get("key", "") or references.new(), **by)
    except Refusal as refused:
        messages.warning(request, refused.message)
        return redirect("storefront:listings:list", shop)
    return redirect("storefront:listings:change", shop, change.reference)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


@login_required
@require_safe
def change(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """How far it has come, and what could not be changed, by name."""
    found = access.get_for(request.user, reference=reference)  # type: ignore[arg-type]
    if found.vendor.slug != shop:
        raise NotHere
    template = "selling/listings/_progress.html" if request.headers.get("HX-Request") else "selling/listings/change.html"
    return render(request, template, {"vendor": found.vendor, "change": found})
