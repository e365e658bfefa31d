"""The editor: one form, one address. Every button first keeps what was typed, then does its own thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.users import queries as users
from core import clock
from core.actors import Actor
from core.errors import Invalid, NotHere, Refusal
from core.money import AmountMalformed, read
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import operations, queries
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.photos import access as photo_access
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.stock.operations import StockStale
from marketplace.sale_formats.fixed_price import operations as fixed_price
from storefront.selling.listings.forms import ListingForm
from storefront.selling.listings.overview import add_photos, listing_of, recall_refused, remember_refused
from storefront.selling.listings.receiving import Receiving, after_fees

MOVES = {"pause": operations.pause, "resume": operations.resume}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    listing, at = listing_of(request, shop, reference), clock.now()
    if request.method != "POST":
        form = ListingForm(listing, at=at)
        form.refused_photos = recall_refused(request, listing)
        return _page(request, listing, form, marked=_missing(listing, form) if request.GET.get("check") else [])
    typed = request.POST.copy()
    word, _colon, slug = typed.get("do", "").partition(":")
    if word == "category":  # where such things lie, taken over with one press
        typed["category"] = slug
    form = ListingForm(listing, typed, at=at, category=_category(typed.get("category", "")))
    if request.POST.get("do") == "autosave":
        return _autosave(request, listing, form, at)
    return _submit(request, listing, form, at)


def _submit(request: HttpRequest, listing: Listing, form: ListingForm, at: datetime) -> HttpResponse:
    """Keep the words, then photos, then publish or pause: each is kept even when a later one is refused."""
    actor, do = users.actor_of(request.user), request.POST.get("do", "save")  # type: ignore[arg-type]
    refused = _keep(listing, form, actor, at)
    if refused is not None:
        if refused != 409:
            form.refused_photos += add_photos(request, listing)
        return _page(request, listing, form, status=refused)
    problems = add_photos(request, listing)
    _change_photos(request, listing, do, actor)
    if do == "publish" and problems:  # what the seller meant to show is not there: look first
        form.refused_photos += problems
        return _page(request, listing, form, status=422)
    remember_refused(request, listing, problems)
    if do == "publish":
        return _publish(request, listing, form, actor, at)
    if do in MOVES:
        MOVES[do](listing=listing, actor=actor, at=at)
    if do in ("save", "pause", "resume") and not request.FILES:
        messages.success(request, _("Saved.") if do == "save" else _("Paused. Buyers do not see it.") if do == "pause" else _("Back in the window."))
    anchor = "#photos" if request.FILES or do.startswith("photo:") else "#what" if do.startswith("category:") else ""
    return redirect(f"{request.path}{anchor}")


def _keep(listing: Listing, form: ListingForm, actor: Actor, at: datetime) -> int | None:
    """Save the form; None when it is saved, else the status to redraw it with."""
    if not form.is_valid():
        return 422
    try:
        fixed_price.edit(listing=listing, content=form.content(), offers=form.offers(), if_version=form.cleaned_data["version"], actor=actor, at=at)
    except (operations.ListingStale, StockStale) as stale:
        form.mark(stale.field, stale.message)
        return 409
    except operations.NotReady as missing:
        _mark_all(form, missing)
        return 422
    except Invalid as wrong:
        form.mark(wrong.field, wrong.message)
        return 422
    return None


def _publish(request: HttpRequest, listing: Listing, form: ListingForm, actor: Actor, at: datetime) -> HttpResponse:
    try:
        operations.publish(listing=listing, actor=actor, at=at)
    except operations.NotReady as missing:
        _mark_all(form, missing)
        return _page(request, listing, form, status=422)
    messages.success(request, _("Published. Buyers can find it now."))
    return redirect("storefront:listings:list", listing.vendor.slug)


def _mark_all(form: ListingForm, missing: operations.NotReady) -> None:
    for problem in missing.problems:
        form.mark(problem.field, str(problem.sentence))


def _missing(listing: Listing, form: ListingForm) -> list[tuple[str, str]]:
    return [(form.anchor_of(problem.field), str(problem.sentence)) for problem in queries.problems(listing)]


def _change_photos(request: HttpRequest, listing: Listing, do: str, actor: Actor) -> None:
    for photo in listing.photos.all():
        alt = request.POST.get(f"alt_{photo.reference}", photo.alt)
        if alt != photo.alt and len(alt) <= 200:
            photos.describe(photo=photo, alt=alt, actor=actor, at=clock.now())
    word, _colon, rest = do.partition(":")
    change, _colon, reference = rest.partition(":")
    if word != "photo":
        return
    photo = photo_access.get_for(request.user, listing_reference=listing.reference, reference=reference)  # type: ignore[arg-type]
    try:
        if change == "remove":
            photos.remove(photo=photo, actor=actor, at=clock.now())
        else:
            photos.move(photo=photo, by={"earlier": -1, "later": 1}.get(change, 0), actor=actor, at=clock.now())
    except Refusal as refused:
        messages.warning(request, refused.message)


def _autosave(request: HttpRequest, listing: Listing, form: ListingForm, at: datetime) -> HttpResponse:
    """What is typed into a draft is kept as it grows. A shown listing changes only on purpose."""
    if not listing.is_draft:
        raise NotHere()
    status = _keep(listing, form, users.actor_of(request.user), at)  # type: ignore[arg-type]
    fresh = listing_of(request, listing.vendor.slug, listing.reference)
    problems = [str(error) for part in form.every for errors in part.errors.values() for error in errors] if status else []
    context = {"listing": fresh, "version": form.data["version"] if status == 409 else fresh.version, "problems": problems, "at": at, "part": True}
    return render(request, "selling/listings/_saved.html", context)


def _page(
    request: HttpRequest, listing: Listing, form: ListingForm, *, status: int = 200, marked: list[tuple[str, str]] | None = None
) -> HttpResponse:
    fresh = listing if request.method != "POST" else listing_of(request, listing.vendor.slug, listing.reference)
    if status == 409:
        form.look_again(fresh)
    form.show_needed()
    plain = next((variant for variant in fresh.offered if not variant.options), None)  # type: ignore[attr-defined]
    context = {
        "vendor": fresh.vendor,
        "on_hand_seen": plain.on_hand if plain else "",
        "listing": fresh,
        "form": form,
        "version": fresh.version,
        "photos": [queries.picture_of(photo) for photo in fresh.photos.all()],
        "photos_left": photos.MOST_PHOTOS - len(fresh.photos.all()),
        "receiving": _receiving(fresh, str(form["price"].value() or ""), str(form["category"].value() or "")),
        "marked": marked or [],
        "changed": status == 409,
    }
    return render(request, "selling/listings/edit.html", context, status=status)


def _category(slug: str) -> Category | None:
    try:
        return categories.by_slug(slug) if slug else None
    except NotHere:
        return None


def _receiving(listing: Listing, price: str, slug: str) -> Receiving | None:
    try:
        amount = read(price, listing.vendor.currency)
    except AmountMalformed:
        return None
    return after_fees(listing.vendor, slug, amount.amount_minor) if amount.amount_minor > 0 else None


@login_required
@require_safe
def receiving(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """The fragment under the price, while it is being typed."""
    listing = listing_of(request, shop, reference)
    found = _receiving(listing, request.GET.get("price", "")[:24], request.GET.get("category", "")[:60])
    return render(request, "selling/listings/_receiving.html", {"receiving": found})


@login_required
@require_safe
def details(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """The questions of another category, before it is saved."""
    listing: Any = listing_of(request, shop, reference)
    category = _category(request.GET.get("category", "")[:60])
    if category is None:
        listing.category = None
    form = ListingForm(listing, at=clock.now(), category=category)
    return render(request, "selling/listings/_details.html", {"form": form})
