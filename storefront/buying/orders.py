"""My orders: the list, one order with its next step, and what a buyer may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import rules
from accounts.addresses.rules import AddressData
from accounts.step_up.freshness import ask_again_unless_fresh
from core import clock
from core.attachments import attachment
from core.errors import Invalid, Refusal
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup.queries import hand_over_code
from marketplace.orders import access, money_story, operations, parts, paying, queries
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState
from marketplace.papers import access as paper_access
from marketplace.papers import printing
from marketplace.papers import queries as papers
from storefront.buying import visitor
from storefront.buying.forms import CancelForm, IssueForm

PAGE = 20
PART_VERBS = {"receive": paying.receive_part, "confirm": paying.confirm_part}


@require_safe
@login_required
def order_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.bought_by(request.user), PAGE).get_page(request.GET.get("page"))
    at = clock.now()
    rows = [(order, queries.next_step(order, "buyer", at)) for order in page]
    return render(request, "buying/orders.html", {"page": page, "rows": rows, "now": at})


@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    if "key" in request.GET:  # keep the key out of the address bar, of bookmarks and of what is sent to other pages
        visitor.remember_guest_key(request, found.reference, request.GET["key"])
        return redirect("storefront:buying:order", reference=found.reference)
    return _page(request, found)


@require_safe
def proof(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt on paper: what was bought, from whom, and what was paid. There is none before the payment."""
    found = _found(request, reference)
    if found.paid_at is None:
        return redirect("storefront:buying:order", reference=found.reference)
    context = {
        "order": found,
        "address": queries.address_lines(found),
        "shop_address": rules.lines(AddressData(**found.vendor.address)) if found.vendor.address else [],
        "paid": money_story.paid_of(found),
        "refunded": money_story.returned_of(found),
        "papers": papers.of_order(found),
        "no_find": True,
        "no_tabbar": True,
    }
    return render(request, "buying/proof.html", context)


@require_safe
def paper(request: HttpRequest, reference: str, paper: str) -> HttpResponse:
    """An invoice or a credit note as PDF."""
    found = paper_access.among(papers.of_order(_found(request, reference)), reference=paper)
    return attachment(printing.as_pdf(found), kind="pdf", name=found.label)


@require_POST
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    if request.user.is_authenticated:  # a guest's key is the proof: docs/adr/0010
        ask_again_unless_fresh(request)
    return _do(request, reference, operations.confirm_receipt, _("Thank you. The seller is paid."))


@require_POST
def more_time(request: HttpRequest, reference: str) -> HttpResponse:
    return _do(request, reference, operations.ask_more_time, _("You have seven days more."))


@require_POST
def withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    return _do(request, reference, operations.withdraw_issue, _("Your issue is closed. The order goes on where it stopped."))


@require_POST
def code(request: HttpRequest, reference: str) -> HttpResponse:
    return _do(request, reference, pickup.renew_code, _("This is your new code. The old one is worth nothing now."))


@require_http_methods(["GET", "HEAD", "POST"])
def order_parts(request: HttpRequest, reference: str) -> HttpResponse:
    """Pay, receive or confirm one part; and the way back from the bank."""
    found = _found(request, reference)
    if request.method != "POST":
        if wanted := request.GET.get("part", ""):
            paying.refresh(order=found, part=wanted)
        return redirect("storefront:buying:order", reference=found.reference)
    wanted, do, at = request.POST.get("part", ""), request.POST.get("do", ""), clock.now()
    if do == "confirm" and not found.is_guest:
        ask_again_unless_fresh(request)
    try:
        if not wanted or (do != "pay" and do not in PART_VERBS):
            raise Invalid("part", _("Choose the part."))
        if do == "pay":
            back = request.build_absolute_uri(f"{reverse('storefront:buying:order_parts', args=[found.reference])}?part={wanted}")
            payment = paying.pay_part(order=found, part=wanted, return_url=back, actor=visitor.actor_of(request), at=at)
            return redirect(paying.start(reference=payment.reference))
        PART_VERBS[do](order=found, part=wanted, actor=visitor.actor_of(request), at=at)
    except Refusal as refusal:
        return _page(request, _found(request, reference), refusal)
    messages.success(request, _("Noted. The other side knows it too."))
    return redirect("storefront:buying:order", reference=found.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    if request.method != "POST" and _found(request, reference).state == OrderState.ISSUE:
        return redirect("storefront:buying:order", reference=reference)
    return _ask(request, reference, IssueForm, "buying/issue.html", operations.report_issue, _frozen)


@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, CancelForm, "buying/cancellation.html", operations.cancel_by_buyer, _cancelled_or_asked)


@require_POST
def cancellation_withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    return _do(request, reference, operations.withdraw_cancellation, _("Good. The seller sends it as agreed."))


def _frozen(order: Order) -> str:
    return _("The money is frozen. Our team reads both sides.")


def _cancelled_or_asked(order: Order) -> str:
    return _("The seller is asked.") if order.cancel_due_at else _("Cancelled. Your money goes back to you.")


def _found(request: HttpRequest, reference: str) -> Order:
    key = visitor.guest_key(request, reference)
    return access.get_for(user=visitor.user_of(request), reference=reference, guest_key=key)


def _do(request: HttpRequest, reference: str, operation: Callable[..., Any], words: str) -> HttpResponse:
    found = _found(request, reference)
    try:
        operation(order=found, actor=visitor.actor_of(request), at=clock.now())
    except Refusal as refusal:
        return _page(request, _found(request, reference), refusal)
    messages.success(request, words)
    return redirect("storefront:buying:order", reference=found.reference)


def _ask(
    request: HttpRequest,
    reference: str,
    form_class: type[IssueForm] | type[CancelForm],
    template: str,
    operation: Callable[..., Order],
    words: Callable[[Order], str],
) -> HttpResponse:
    """A page that asks before it acts."""
    found = _found(request, reference)
    form = form_class(request.POST or None) if request.method == "POST" else form_class()
    if request.method == "POST" and form.is_valid():
        try:
            done = operation(order=found, actor=visitor.actor_of(request), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words(done))
            return redirect("storefront:buying:order", reference=found.reference)
    return render(
        request, template, {"order": found, "held": money_story.held_of(found), "form": form, "no_tabbar": True}, status=422 if form.errors else 200
    )


def _page(request: HttpRequest, found: Order, refusal: Refusal | None = None) -> HttpResponse:
    at = clock.now()
    queries.read_story(found)
    context = {
        "order": found,
        "step": queries.next_step(found, "buyer", at),
        "timeline": queries.timeline(found, at),
        "money": money_story.money_table(found, at),
        "issue": queries.last_issue(found),
        "parts": parts.rows(found, "buyer", at),
        "held": money_story.held_of(found),
        "refunded": money_story.refunded_of(found),
        "address": queries.address_lines(found),
        "shipment": getattr(found, "shipment", None),
        "code": hand_over_code(found),
        "refusal": refusal,
        "now": at,
        "no_tabbar": True,
    }
    return render(request, "buying/order.html", context, status=int(refusal.kind) if refusal else 200)
