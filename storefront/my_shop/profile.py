"""Begin a shop, describe it, open and rest it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.addresses.operations import address_data
from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from storefront.forms import PageForm
from storefront.my_shop.forms import BusinessForm, HolidayForm, OpenForm, PolicyForm, ProfileForm
from vendors.holidays import operations as holidays
from vendors.members import access, roles
from vendors.policies import operations as policies
from vendors.policies.queries import of as policy_of
from vendors.profiles import operations as profiles
from vendors.profiles.models import Vendor
from vendors.profiles.queries import onboarding

MOVES = {"activation": profiles.activate, "pause": profiles.pause, "resumption": profiles.resume, "return": holidays.come_back}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST or None, initial={"kind": "individual", "name": request.user.name, "currency": "EUR"})
    if request.method == "POST" and form.is_valid():
        try:
            vendor = profiles.open(owner=request.user, actor=actor_of(request.user), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("storefront:my_shop:settings", slug=vendor.slug)
    return render(request, "my_shop/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Three forms on one page; the button says which one was sent."""
    vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
    chosen = request.POST.get("form", "")
    forms = _forms(vendor, {chosen: {"data": request.POST}})
    if request.method == "POST" and chosen in forms:
        form = forms[chosen]
        if form.is_valid() and _save(request, vendor, form):
            messages.success(request, _("Saved."))
            return redirect("storefront:my_shop:settings", slug=slug)
    return _page(request, vendor, forms)


@require_POST
@login_required
def move(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    vendor = access.get_for(request.user, slug=slug, permission=roles.EDIT_PROFILE)
    try:
        MOVES[verb](vendor=vendor, actor=actor_of(request.user), at=clock.now())
    except Refusal as refusal:
        return _page(request, vendor, _forms(vendor), refusal)
    words = {
        "activation": _("The shop is open."),
        "pause": _("The shop rests. Running orders go on."),
        "resumption": _("The shop is open again."),
        "return": _("Welcome back: no holiday is planned any more."),
    }
    messages.success(request, words[verb])
    return redirect("storefront:my_shop:settings", slug=slug)


def _forms(vendor: Vendor, sent: dict[str, dict[str, Any]] | None = None) -> dict[str, PageForm]:
    """Every form of the page; `sent` has the answers to one of them."""
    policy, sent = policy_of(vendor), sent or {}
    promise = {name: getattr(policy, name) for name in policies.FIELDS} | {"tax_percent": Decimal(policy.tax_bp) / 100}
    forms: dict[str, PageForm] = {
        "profile": ProfileForm(initial=ProfileForm.initial_of(vendor), **sent.get("profile", {})),
        "policy": PolicyForm.of(vendor, initial=promise, **sent.get("policy", {})),
        "holiday": HolidayForm(initial=HolidayForm.initial_of(vendor), **sent.get("holiday", {})),
    }
    if vendor.is_business:
        forms["business"] = BusinessForm(initial=BusinessForm.initial_from(vendor), **sent.get("business", {}))
    return forms


def _save(request: HttpRequest, vendor: Vendor, form: PageForm) -> bool:
    by: dict[str, Any] = {"vendor": vendor, "actor": actor_of(request.user), "at": clock.now()}
    try:
        if isinstance(form, PolicyForm):
            policies.change(**by, **form.promise())
        elif isinstance(form, HolidayForm):
            holidays.plan(**by, **form.cleaned_data)
        elif isinstance(form, BusinessForm):
            names = {name: form.cleaned_data[name] for name in ("legal_name", "registration_number")}
            profiles.change(**by, **names, address=address_data(**form.words()).as_json())
        else:
            profiles.change(**by, **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(request: HttpRequest, vendor: Vendor, forms: dict[str, PageForm], refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "shop": vendor,
        "forms": forms,
        "steps": onboarding(vendor),
        "refusal": refusal,
        "mine": access.permissions_in(request.user, vendor),
        "section": "settings",
    }
    status = int(refusal.kind) if refusal else 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "my_shop/settings.html", context, status=status)
