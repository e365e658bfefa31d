"""One page from the basket to the payment, and the way back from the bank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import access as addresses
from core import clock
from core.errors import Invalid, Refusal
from escrow.payments import ways
from marketplace.checkout import access, details, operations, quotes
from marketplace.checkout.details import Details
from marketplace.checkout.models import Checkout
from marketplace.checkout.quotes import Quote
from marketplace.checkout.states import CheckoutState
from marketplace.orders import queries as orders
from storefront.buying import visitor
from storefront.buying.forms import CheckoutForm, said


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    if found.state != CheckoutState.DRAFT:
        return redirect("storefront:buying:checkout_done", reference=found.reference)
    if request.method != "POST":
        return _page(request, found, details.of_json(found.details))
    answers = _answers(request)
    if "pay" in request.POST:
        return _place(request, found, answers)
    operations.change(checkout=found, details=answers)
    return _page(request, found, answers)


@require_safe
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the bank: the page says what is true, whether the webhook was faster or not."""
    found = _found(request, reference)
    if found.state == CheckoutState.DRAFT:
        return redirect("storefront:buying:checkout", reference=found.reference)
    found = operations.refresh(checkout=found)
    if found.state == CheckoutState.PLACED:
        return render(request, "buying/unpaid.html", {"checkout": found, "now": clock.now(), "no_tabbar": True})
    bought = list(orders.of_checkout(found.reference))
    if found.state == CheckoutState.PAID:
        for order in bought:
            if order.is_guest:
                visitor.remember_guest_key(request, order.reference, orders.guest_key_of(order))
        return render(request, "buying/thanks.html", {"checkout": found, "orders": bought, "no_tabbar": True})
    return render(request, "buying/expired.html", {"checkout": found}, status=410)


@require_POST
def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """Try again: the same payment, the same page."""
    found = _found(request, reference)
    if found.state != CheckoutState.PLACED:
        return redirect("storefront:buying:checkout_done", reference=found.reference)
    return redirect(operations.start_payment(checkout=found))


@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """The buyer will not pay. If the money was faster, they are thanked instead."""
    found = _found(request, reference)
    found = operations.abandon(checkout=found, actor=visitor.actor_of(request), at=clock.now())
    if found.state != CheckoutState.EXPIRED:
        return redirect("storefront:buying:checkout_done", reference=found.reference)
    messages.success(request, _("Cancelled. Nothing was charged, and your things are back in the basket."))
    return redirect("storefront:buying:basket")


def _found(request: HttpRequest, reference: str) -> Checkout:
    return access.get_for(user=visitor.user_of(request), cart_token=visitor.token_of(request), reference=reference)


def _answers(request: HttpRequest) -> Details:
    """The form; a saved address that was pressed replaces what was typed."""
    answers = said(request.POST.dict())
    user, wanted = visitor.user_of(request), request.POST.get("use_address", "")
    if user is not None and wanted:
        saved = addresses.get_for(user, reference=wanted).data
        return details.tidy(email=answers.email, address=saved.as_json(), choices=answers.choices, plans=answers.plans, method=answers.method)
    return answers


def _place(request: HttpRequest, found: Checkout, answers: Details) -> HttpResponse:
    shown = request.POST.get("total", "")
    try:
        placed = operations.place(
            checkout=found,
            details=answers,
            shown_total_minor=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 16 else -1,
            return_url=request.build_absolute_uri(reverse("storefront:buying:checkout_done", args=[found.reference])),
            actor=visitor.actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        operations.change(checkout=found, details=answers)
        return _page(request, found, answers, refusal)
    if placed.state != CheckoutState.PLACED:
        return redirect("storefront:buying:checkout_done", reference=placed.reference)
    return redirect(operations.start_payment(checkout=placed))


def _page(request: HttpRequest, found: Checkout, answers: Details, refusal: Refusal | None = None) -> HttpResponse:
    at = clock.now()
    quote = _quote(found, answers, at)
    if quote.is_empty:
        return redirect("storefront:buying:basket")
    if refusal is None and not answers.country:  # the country whose delivery the listings showed
        answers = answers.in_country(str(quote.sellers[0].vendor.country))
        quote = _quote(found, answers, at) if len(quote.sellers) > 1 else quote
    form = _form(request, answers, quote, refusal)
    status = 200 if refusal is None else 422 if isinstance(refusal, Invalid) else int(refusal.kind)
    template = "buying/_checkout.html" if "HX-Request" in request.headers else "buying/checkout.html"
    return render(request, template, _context(request, found, form, quote, answers, refusal, at), status=status)


def _quote(found: Checkout, answers: Details, at: datetime) -> Quote:
    return quotes.quote(cart=found.cart, currency=found.currency, country=answers.country, choices=answers.choices, at=at, plans=answers.plans)


def _form(request: HttpRequest, answers: Details, quote: Quote, refusal: Refusal | None) -> CheckoutForm:
    kept = {"email": answers.email, **answers.address}
    if refusal is None:
        return CheckoutForm(initial=kept, country=answers.country, quote=quote)
    form = CheckoutForm(kept, country=answers.country, quote=quote)
    form.show_only(refusal)
    return form


def _context(
    request: HttpRequest, found: Checkout, form: CheckoutForm, quote: Quote, answers: Details, refusal: Refusal | None, at: datetime
) -> dict[str, Any]:
    user, ways_to_pay = visitor.user_of(request), ways.ways_and_reasons(amount=quote.due_now(at), country=answers.country)
    return {
        "checkout": found,
        "form": form,
        "quote": quote,
        "refusal": refusal,
        "saved": list(addresses.of(user)[:6]) if user else [],
        "due_now": quote.due_now(at),
        "ways": ways_to_pay,
        "way": answers.method if any(way.code == answers.method and way.fits for way in ways_to_pay) else "",
        "totals": [seller.total for seller in quote.sellers],
        "now": at,
        "no_find": True,
        "no_tabbar": True,
    }
