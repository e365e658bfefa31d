"""The basket: one form that knows every line, so that one press changes everything that was typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Invalid, NotHere, Refusal
from marketplace.cart import access, operations, queries
from marketplace.checkout import operations as checkouts
from storefront.buying import visitor

QUANTITY = "quantity-"


@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    refusal = _revise(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and "HX-Request" not in request.headers:
        return redirect("storefront:buying:basket")
    return _page(request, refusal)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """From a listing's page: `variant`, `quantity`, and `buy_now` to go straight to the checkout."""
    at = clock.now()
    try:
        variant = access.public_variant(reference=request.POST.get("variant", ""))
        cart, token = visitor.cart_to_fill(request, at=at)
        now = bool(request.POST.get("buy_now"))
        put = operations.put(cart=cart, variant=variant, quantity=_whole(request.POST.get("quantity", "1")), at=at, instead=now)
        if put.fitted:
            messages.warning(request, _said(put))
        response = redirect("storefront:buying:basket")
        if now:
            operations.choose_with(cart=cart, line=put.line, at=at)
            draft, _quote = checkouts.begin(
                cart=cart, currency=variant.listing.vendor.currency, user=visitor.user_of(request), language=get_language() or "en", at=at
            )
            response = redirect("storefront:buying:checkout", reference=draft.reference)
    except NotHere:
        raise
    except Refusal as refusal:
        return _page(request, refusal)
    return visitor.remember(response, token)


def _said(put: operations.Put) -> str:
    """Why the basket holds fewer than were asked for."""
    left = put.line.quantity
    return ngettext("There is only {n} of it, and it is in your basket.", "There are only {n} of it, and they are in your basket.", left).format(
        n=left
    )


@require_POST
def check_out(request: HttpRequest) -> HttpResponse:
    cart = visitor.cart_of(request)
    if cart is None:
        return redirect("storefront:buying:basket")
    try:
        draft, _quote = checkouts.begin(
            cart=cart, currency=request.POST.get("currency", "")[:3], user=visitor.user_of(request), language=get_language() or "en", at=clock.now()
        )
    except Refusal as refusal:
        return _page(request, refusal)
    return redirect("storefront:buying:checkout", reference=draft.reference)


def _revise(request: HttpRequest) -> Refusal | None:
    cart, at = visitor.cart_of(request), clock.now()
    if cart is None:
        return None
    try:
        operations.revise(cart=cart, quantities=_quantities(request), chosen=request.POST.getlist("chosen"), at=at)
    except Refusal as refusal:
        return refusal
    return None


def _quantities(request: HttpRequest) -> dict[str, int]:
    """What was typed, then the button that was pressed: `set=<line>:<quantity>`, where 0 removes."""
    typed = {name.removeprefix(QUANTITY): _whole(value) for name, value in request.POST.items() if name.startswith(QUANTITY)}
    line, _colon, quantity = request.POST.get("set", "").partition(":")
    return {**typed, line: _whole(quantity)} if line else typed


def _whole(text: str) -> int:
    """A whole number; anything else becomes one that the operation refuses in its own words."""
    tidy = text.strip()
    return int(tidy) if tidy.isascii() and tidy.isdigit() and len(tidy) < 10 else -1


def _page(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    at = clock.now()
    view = queries.view(visitor.cart_of(request), at=at)
    status = 200 if refusal is None else 422 if isinstance(refusal, Invalid) else int(refusal.kind)
    template = "buying/_basket.html" if "HX-Request" in request.headers else "buying/basket.html"
    return render(request, template, {"view": view, "refusal": refusal, "no_tabbar": not view.is_empty, "basket_count": view.things}, status=status)
