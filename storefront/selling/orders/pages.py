"""The pages of a shop's orders. Every form on an order's page posts to its own address and lands on the page again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users.queries import actor_of
from core import clock, money
from core.actors import Actor
from core.errors import Invalid, Refusal
from core.money import Money
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import access, money_story, operations, parts, paying, queries
from marketplace.orders import money as paid
from marketplace.orders.models import Order
from storefront.forms import PageForm
from storefront.selling.orders.forms import QUANTITY, CancelForm, CancelPartForm, CodeForm, RefundForm, ShipForm
from vendors.members import access as members
from vendors.members import roles

PAGE = 20


@require_safe
@login_required
def order_list(request: HttpRequest, shop: str) -> HttpResponse:
    vendor = members.get_for(request.user, slug=shop, permission=roles.VIEW_ORDERS)
    which = request.GET.get("which", "")
    at = clock.now()
    page = Paginator(queries.sold_by(vendor, which=which), PAGE).get_page(request.GET.get("page"))
    tabs = [("", _("All")), ("to_hand_over", _("To hand over")), ("under_way", _("Under way")), ("issues", _("Issues")), ("ended", _("Ended"))]
    context = {
        "shop": vendor,
        "section": "orders",
        "page": page,
        "rows": [(order, queries.next_step(order, "seller", at)) for order in page],
        "tabs": tabs,
        "which": which,
        "figures": queries.numbers_of(vendor, at=at),
        "now": at,
    }
    return render(request, "selling/orders/list.html", context)


@require_safe
@login_required
def order(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _page(request, _found(request, shop, reference, roles.VIEW_ORDERS))


@require_POST
@login_required
def packing(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _do(request, shop, reference, roles.FULFIL_ORDERS, operations.pack, _("Packed."))


@require_POST
@login_required
def readiness(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _do(request, shop, reference, roles.FULFIL_ORDERS, pickup.mark_ready, _("The buyer knows that it is ready."))


@require_POST
@login_required
def shipment(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _send(
        request, shop, reference, roles.FULFIL_ORDERS, "ship", ShipForm(request.POST), shipping.send, _("Sent. The buyer has the tracking number.")
    )


@require_POST
@login_required
def hand_over(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _send(
        request, shop, reference, roles.FULFIL_ORDERS, "code", CodeForm(request.POST), pickup.hand_over, _("Handed over. The hand-over is proven.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cancellation(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    form = CancelForm(request.POST) if request.method == "POST" else CancelForm()
    return _ask(request, shop, reference, roles.FULFIL_ORDERS, form, "selling/orders/cancellation.html", _cancel)


@require_POST
@login_required
def cancellation_agreement(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    return _do(request, shop, reference, roles.FULFIL_ORDERS, operations.agree_to_cancellation, _("Cancelled. The buyer gets everything back."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def partial_cancellation(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    found = _found(request, shop, reference, roles.FULFIL_ORDERS)
    form = CancelPartForm(request.POST, order=found) if request.method == "POST" else CancelPartForm(order=found)
    return _ask(request, shop, reference, roles.FULFIL_ORDERS, form, "selling/orders/partial_cancellation.html", _cancel_part)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def refund(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    found = _found(request, shop, reference, roles.REFUND_ORDERS)
    form = RefundForm(request.POST, currency=found.currency) if request.method == "POST" else RefundForm(currency=found.currency)
    return _ask(request, shop, reference, roles.REFUND_ORDERS, form, "selling/orders/refund.html", _refund)


@require_POST
@login_required
def order_parts(request: HttpRequest, shop: str, reference: str) -> HttpResponse:
    """More time for a part, or a milestone that is reached."""
    wanted, days = request.POST.get("part", ""), request.POST.get("days", "")

    def verb(**who: Any) -> None:
        if wanted and request.POST.get("do") == "hand_over":
            paying.hand_over_part(part=wanted, **who)
        elif wanted and days.isascii() and days.isdigit() and len(days) < 4:
            paying.extend_part(part=wanted, days=int(days), **who)
        else:
            raise Invalid("days", _("Write a whole number."))

    return _do(request, shop, reference, roles.FULFIL_ORDERS, verb, _("Noted. The other side knows it too."))


def _cancel(*, order: Order, **answers: Any) -> str:
    operations.cancel_by_seller(order=order, **answers)
    return _("Cancelled. The buyer gets everything back.")


def _cancel_part(*, order: Order, reason: str, restock: bool, actor: Actor, at: datetime, **counts: int | None) -> str:
    quantities = {name.removeprefix(QUANTITY): count or 0 for name, count in counts.items()}
    done = operations.cancel_part(order=order, quantities=quantities, reason=reason, restock=restock, actor=actor, at=at)
    return _("Cancelled. The buyer gets everything back.") if done.is_ended else _("Returned to the buyer. Send the rest as agreed.")


def _refund(*, order: Order, amount: str, **answers: Any) -> str:
    operations.give_back(order=order, amount=_amount(amount, order.currency), **answers)
    return _("Returned to the buyer.")


def _amount(text: str, currency: str) -> Money:
    try:
        return money.parse(text.strip().replace(",", "."), currency)
    except money.AmountMalformed as malformed:
        raise Invalid("amount", _("Write an amount like 12.50.")) from malformed


def _found(request: HttpRequest, shop: str, reference: str, permission: str) -> Order:
    return access.get_for_vendor(user=request.user, slug=shop, reference=reference, permission=permission)


def _do(request: HttpRequest, shop: str, reference: str, permission: str, operation: Callable[..., Any], words: str) -> HttpResponse:
    found = _found(request, shop, reference, permission)
    try:
        operation(order=found, actor=actor_of(request.user), at=clock.now())
    except Refusal as refusal:
        return _page(request, _found(request, shop, reference, permission), refusal=refusal)
    messages.success(request, words)
    return redirect("storefront:sales:order", shop=shop, reference=found.reference)


def _send(
    request: HttpRequest, shop: str, reference: str, permission: str, name: str, form: PageForm, operation: Callable[..., Any], words: str
) -> HttpResponse:
    """A form on the order's own page."""
    found = _found(request, shop, reference, permission)
    if form.is_valid():
        try:
            operation(order=found, actor=actor_of(request.user), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words)
            return redirect("storefront:sales:order", shop=shop, reference=found.reference)
    return _page(request, _found(request, shop, reference, permission), forms={name: form})


def _ask(request: HttpRequest, shop: str, reference: str, permission: str, form: PageForm, template: str, effect: Callable[..., str]) -> HttpResponse:
    """A page that asks before it acts."""
    found = _found(request, shop, reference, permission)
    if form.is_bound and form.is_valid():
        try:
            words = effect(order=found, actor=actor_of(request.user), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words)
            return redirect("storefront:sales:order", shop=shop, reference=found.reference)
    context = {
        "order": found,
        "shop": found.vendor,
        "section": "orders",
        "form": form,
        "held": money_story.held_of(found),
        "paid_out": paid.with_seller(found) if found.is_ended else None,
        "no_tabbar": True,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: Order, *, forms: dict[str, PageForm] | None = None, refusal: Refusal | None = None) -> HttpResponse:
    at = clock.now()
    mine = members.permissions_in(request.user, found.vendor)
    sees_money = access.sees_money(request.user, found)
    queries.read_story(found)
    context = {
        "order": found,
        "shop": found.vendor,
        "section": "orders",
        "step": queries.next_step(found, "seller", at),
        "timeline": queries.timeline(found, at),
        "money": money_story.money_table(found, at) if sees_money else [],
        "issue": queries.last_issue(found),
        "shipment": getattr(found, "shipment", None),
        "pickup": getattr(found, "pickup", None),
        "parts": parts.rows(found, "seller", at),
        "held": money_story.held_of(found),
        "refunded": money_story.refunded_of(found),
        "address": queries.address_lines(found),
        "gets": money_story.seller_gets(found) if sees_money else None,
        "may_fulfil": roles.FULFIL_ORDERS in mine,
        "may_refund": roles.REFUND_ORDERS in mine,
        "asks": {"ship": ShipForm(initial={"carrier": found.delivery.get("carrier")}), "code": CodeForm(), **(forms or {})},
        "form": next(iter(forms.values())) if forms else None,
        "refusal": refusal,
        "now": at,
        "no_tabbar": True,
    }
    return render(request, "selling/orders/order.html", context, status=int(refusal.kind) if refusal else 422 if forms else 200)
