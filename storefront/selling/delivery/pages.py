"""The editor of delivery methods and pickup places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users.queries import actor_of
from core import clock
from core.errors import NotHere, Refusal
from marketplace.fulfilment.kinds.pickup import access as places
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup import queries as pickups
from marketplace.fulfilment.kinds.pickup.models import PickupPlace
from marketplace.fulfilment.kinds.shipping import access as methods
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.fulfilment.kinds.shipping import queries as shippings
from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from storefront.selling.delivery.forms import MethodForm, PlaceForm
from vendors.members import access as members
from vendors.members import roles
from vendors.models import Vendor


@require_safe
@login_required
def overview(request: HttpRequest, shop: str) -> HttpResponse:
    vendor = members.get_for(request.user, slug=shop, permission=roles.FULFIL_ORDERS)
    context = {
        "shop": vendor,
        "section": "shipping",
        "methods": shippings.methods_of(vendor),
        "places": pickups.places_of(vendor),
        "may_edit": members.allowed(request.user, vendor, roles.EDIT_PROFILE),
    }
    return render(request, "selling/delivery/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_method(request: HttpRequest, shop: str) -> HttpResponse:
    vendor = members.get_for(request.user, slug=shop, permission=roles.EDIT_PROFILE)
    form = _form(request, vendor, {"countries": [str(vendor.country)], "each_more": "0"})
    return _edit(request, vendor, form, _("New delivery method"), lambda draft, **by: shipping.add_method(vendor=vendor, draft=draft, **by))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def method(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    row = _method(request, shop, reference)
    form = _form(request, row.vendor, MethodForm.initial_of(row))
    return _edit(request, row.vendor, form, row.name, lambda draft, **by: shipping.change_method(method=row, draft=draft, **by))


def _form(request: HttpRequest, vendor: Vendor, initial: dict[str, Any]) -> MethodForm:
    shop = {"currency": vendor.currency, "home": str(vendor.country)}
    return MethodForm(request.POST, **shop) if request.method == "POST" else MethodForm(initial=initial, **shop)


@require_POST
@login_required
def remove_method(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    shipping.remove_method(method=_method(request, shop, reference), actor=actor_of(request.user), at=clock.now())
    return _removed(request, shop)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_place(request: HttpRequest, shop: str) -> HttpResponse:
    vendor = members.get_for(request.user, slug=shop, permission=roles.EDIT_PROFILE)
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm(initial={"country": str(vendor.country), "city": vendor.place})
    return _edit(request, vendor, form, _("New pickup place"), lambda draft, **by: pickup.add_place(vendor=vendor, draft=draft, **by))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def place(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    row = _place(request, shop, reference)
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm(initial=PlaceForm.initial_of(row))
    return _edit(request, row.vendor, form, row.name, lambda draft, **by: pickup.change_place(place=row, draft=draft, **by))


@require_POST
@login_required
def remove_place(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    pickup.remove_place(place=_place(request, shop, reference), actor=actor_of(request.user), at=clock.now())
    return _removed(request, shop)


def _method(request: HttpRequest, shop: str, reference: str) -> ShippingMethod:
    row = methods.get_method(user=request.user, reference=reference)
    if row.vendor.slug != shop:
        raise NotHere
    return row


def _place(request: HttpRequest, shop: str, reference: str) -> PickupPlace:
    row = places.get_place(user=request.user, reference=reference)
    if row.vendor.slug != shop:
        raise NotHere
    return row


def _removed(request: HttpRequest, shop: str) -> HttpResponse:
    messages.success(request, _("Removed. Running orders keep it."))
    return redirect("storefront:delivery:overview", shop=shop)


def _edit(request: HttpRequest, vendor: Vendor, form: MethodForm | PlaceForm, title: str, save: Callable[..., Any]) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            save(form.draft(vendor.currency), actor=actor_of(request.user), at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("storefront:delivery:overview", shop=vendor.slug)
    context = {"shop": vendor, "section": "shipping", "form": form, "title": title, "no_tabbar": True}
    return render(request, "selling/delivery/edit.html", context, status=422 if form.errors else 200)
