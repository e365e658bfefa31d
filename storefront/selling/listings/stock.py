"""The history of what is on the shelf, counting it, and the line below which the shop is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.users import queries as users
from core import clock
from core.errors import Refusal
from marketplace.assortment import operations, queries
from marketplace.catalog.alarms import operations as alarms
from marketplace.catalog.alarms import queries as thresholds
from marketplace.catalog.listings import access
from marketplace.catalog.listings.models import LARGEST_STOCK, Variant
from marketplace.catalog.stock import operations as stock
from storefront.forms import PageForm
from storefront.paging import page_of
from storefront.selling.listings.overview import listing_of, shop_of

PER_PAGE = 50
WHOLE = {"inputmode": "numeric", "autocomplete": "off", "class": "input--short"}


class CountForm(PageForm):
    on_hand = forms.IntegerField(label=gettext_lazy("You counted"), min_value=0, max_value=LARGEST_STOCK, widget=forms.TextInput(WHOLE))
    on_hand_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=80, required=False, help_text=gettext_lazy("For your own history: new delivery, broken, found again.")
    )


class LineForm(PageForm):
    threshold = forms.IntegerField(
        label=gettext_lazy("Tell me when so many or fewer are left"),
        min_value=0,
        max_value=LARGEST_STOCK,
        required=False,
        widget=forms.TextInput(WHOLE),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    listing = listing_of(request, shop, reference)
    offered: list[Variant] = listing.offered  # type: ignore[attr-defined]
    wanted = request.GET.get("variant", "")
    variant = access.variant_of(listing, reference=wanted.upper()[:12]) if wanted else offered[0]
    forms_ = {"count": CountForm(initial={"on_hand_seen": variant.on_hand}), "line": LineForm(initial={"threshold": variant.low_at})}
    if request.method == "POST":
        chosen = "line" if request.POST.get("form") == "line" else "count"
        forms_[chosen] = type(forms_[chosen])(request.POST)
        if _keep(request, variant, forms_[chosen]):
            return redirect(request.get_full_path())
    threshold = thresholds.threshold_of(listing.vendor)
    moves = {"counted": queries.stock_moves(variant), "per_page": PER_PAGE, "asked": request.GET.get("page", "")}
    page = page_of(queries.stock_history(variant), threshold, **moves)
    context = {
        "vendor": listing.vendor,
        "listing": listing,
        "variant": variant,
        "variants": offered,
        "page": page,
        "lines": queries.stock_lines(list(page.object_list), listing.vendor),
        "threshold": next(iter(threshold), None),
        "forms": forms_,
    }
    return render(request, "selling/listings/stock.html", context, status=422 if any(form.errors for form in forms_.values()) else 200)


def _keep(request: HttpRequest, variant: Variant, form: PageForm) -> bool:
    if not form.is_valid():
        return False
    data, by = form.cleaned_data, _by(request)
    try:
        if isinstance(form, LineForm):
            alarms.set_own(variant=variant, low_at=data["threshold"], **by)
        else:
            stock.count(variant=variant, on_hand=data["on_hand"], if_on_hand=data["on_hand_seen"], reason=data["reason"], **by)
    except Refusal as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Saved."))
    return True


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": users.actor_of(request.user), "at": clock.now()}  # type: ignore[arg-type]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, shop: str) -> HttpResponse:
    """The shop's own line for everything that has none of its own."""
    vendor = shop_of(request, shop)
    form = LineForm(request.POST if request.method == "POST" else None, initial={"threshold": thresholds.threshold_of(vendor).first()})
    if request.method == "POST" and form.is_valid():
        try:
            alarms.set_threshold(vendor=vendor, threshold=form.cleaned_data["threshold"], **_by(request))
        except Refusal as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("storefront:listings:list", shop)
    return render(request, "selling/listings/line.html", {"vendor": vendor, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def copy(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """A draft like this one, opened in the editor."""
    listing = listing_of(request, shop, reference)
    made = operations.duplicate(listing=listing, **_by(request))
    messages.success(request, _("This is your copy: a draft with the same words, photos and prices, and nothing in stock yet."))
    return redirect("storefront:listings:edit", shop, made.reference)
