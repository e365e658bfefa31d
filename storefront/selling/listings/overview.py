"""A shop's listings: the list, a new one, and the moves between window and drawer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users import queries as users
from core import clock
from core.errors import NotHere, Refusal
from marketplace.assortment import queries as assortment
from marketplace.catalog.listings import operations
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.photos import operations as photos
from marketplace.sale_formats.fixed_price import queries as prices
from storefront.selling.listings.asking import asked_in
from vendors.members import access as members
from vendors.models import Vendor

PER_PAGE = 24
MOVES = {"pause": operations.pause, "resume": operations.resume, "publish": operations.publish}


def shop_of(request: HttpRequest, shop: str) -> Vendor:
    return members.get_for(request.user, slug=shop, permission="edit_listings")  # type: ignore[arg-type]


def listing_of(request: HttpRequest, shop: str, reference: str) -> Listing:
    """The listing of this very shop, with its variants and prices; anything else, and what was removed, is not here."""
    return prices.read_offers(words_of_listing(request, shop, reference))


def words_of_listing(request: HttpRequest, shop: str, reference: str) -> Listing:
    """The same, the row alone."""
    found = Listing.objects.filter(reference=reference.upper(), vendor__slug=shop).exclude(state=ListingState.REMOVED)
    listing = found.select_related("vendor__party", "category").first()
    if listing is None:
        raise NotHere()
    members.require(request.user, listing.vendor, "edit_listings")  # type: ignore[arg-type]
    return listing


@login_required
@require_safe
def listings(request: HttpRequest, shop: str) -> HttpResponse:
    vendor, asked = shop_of(request, shop), asked_in(request.GET)
    shelf = assortment.shelf(vendor, asked.filter)
    found = assortment.with_figures(asked.found(vendor), at=clock.now()).order_by(*assortment.SORTS[asked.sort][1])
    paginator = Paginator(found, PER_PAGE)
    paginator.count = shelf.matching  # known already: the shelf was counted in one go
    page = paginator.get_page(request.GET.get("page"))
    tabs = [(value, label, shelf.states.get(value, 0)) for value, label in ListingState.choices if value != ListingState.REMOVED]
    context = {
        "vendor": vendor,
        "page": page,
        "rows": assortment.rows_of(list(page.object_list), vendor),
        "asked": asked,
        "tabs": tabs,
        "total": sum(shelf.states.values()),
        "shelf": shelf,
        "sorts": [(code, words) for code, (words, _order) in assortment.SORTS.items()],
    }
    return render(request, "selling/listings/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, shop: str) -> HttpResponse:
    """Photos first: what is chosen here becomes a draft at once."""
    vendor = shop_of(request, shop)
    if request.method != "POST":
        return render(request, "selling/listings/new.html", {"vendor": vendor})
    title, files = request.POST.get("title", ""), request.FILES.getlist("photos")
    usable, refused = photos.encode_all(files)
    if refused and not usable:
        return _not_yet(request, vendor, title, photo_problems=refused)
    actor, at = users.actor_of(request.user), clock.now()  # type: ignore[arg-type]
    try:
        listing = operations.draft(vendor=vendor, actor=actor, at=at, content=Content(title=title))
    except Refusal as wrong:
        return _not_yet(request, vendor, title, problem=wrong.message, photos_again=bool(usable))
    for encoded in usable:
        try:
            photos.add_encoded(listing=listing, encoded=encoded, actor=actor, at=at)
        except Refusal as full:
            refused = [*refused, full.message]
            break
    remember_refused(request, listing, refused)
    return redirect("storefront:listings:edit", shop, listing.reference)


def _not_yet(request: HttpRequest, vendor: Vendor, title: str, **problems: object) -> HttpResponse:
    """The first page again, marked: there is no draft yet, and what was typed is still in it."""
    return render(request, "selling/listings/new.html", {"vendor": vendor, "title": title, **problems}, status=422)


def add_photos(request: HttpRequest, listing: Listing) -> list[str]:
    """Every chosen file; one that cannot be used does not stop the others. Answers which were refused, and why."""
    problems = []
    for file in request.FILES.getlist("photos"):
        try:
            photos.add(listing=listing, file=file, actor=users.actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
        except Refusal as refused:
            problems.append(f"{photos.name_of(file)}: {refused.message}")
    return problems


def remember_refused(request: HttpRequest, listing: Listing, problems: list[str]) -> None:
    """For the editor's next page: it marks them where the photos are."""
    if problems:
        request.session[f"refused_photos:{listing.reference}"] = problems


def recall_refused(request: HttpRequest, listing: Listing) -> list[str]:
    """Once."""
    problems: list[str] = request.session.pop(f"refused_photos:{listing.reference}", [])
    return problems


@login_required
@require_POST
def state(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """Publish, pause, resume from the list."""
    listing = listing_of(request, shop, reference)
    move = MOVES.get(request.POST.get("move", ""))
    if move is None:
        raise NotHere()
    try:
        move(listing=listing, actor=users.actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
    except operations.NotReady:
        messages.warning(request, _("This is not ready for buyers yet. Fill in what is marked."))
        return redirect(f"{request.path.removesuffix('state/')}?check=1")
    except Refusal as refused:
        messages.warning(request, refused.message)
    else:
        words = {"pause": _("Paused. Buyers do not see it."), "resume": _("Back in the window."), "publish": _("Published.")}
        messages.success(request, words[request.POST["move"]])
    return redirect("storefront:listings:list", shop)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    listing = listing_of(request, shop, reference)
    if request.method != "POST":
        return render(request, "selling/listings/removal.html", {"vendor": listing.vendor, "listing": listing})
    try:
        operations.remove(listing=listing, actor=users.actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("Removed."))
    except Refusal as refused:
        messages.warning(request, refused.message)
    return redirect("storefront:listings:list", shop)
