"""Pages about orders. Opening one is recorded."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users import queries as users
from core import audit, clock
from core.errors import NotHere, Refusal
from marketplace.orders import access, money_story, operations, parts, queries
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState

PAGE = 50


@require_safe
@login_required
def order_list(request: HttpRequest) -> HttpResponse:
    """All orders, newest first; by number, reference or e-mail, and by state."""
    if not access.may_read_all(request.user):
        raise NotHere
    state = request.GET.get("state", "") if request.GET.get("state") in OrderState.values else ""
    words = request.GET.get("q", "")[:120].replace("\x00", "")
    page = Paginator(queries.matching(words, state=state), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/orders.html", {"page": page, "states": OrderState.choices, "state": state, "q": words})


@require_safe
@login_required
def order(request: HttpRequest, reference: str) -> HttpResponse:
    found = access.get_for_desk(user=request.user, reference=reference)
    at = clock.now()
    operations.note_look(order=found, actor=users.staff_actor_of(request.user), at=at)
    return _page(request, found, at=at)


@require_POST
@login_required
def delivery(request: HttpRequest, reference: str) -> HttpResponse:
    """Our word that it arrived: it starts the buyer's time to look at it."""
    found = access.get_for_desk(user=request.user, reference=reference, deciding=True)
    at = clock.now()
    try:
        operations.deliver(order=found, by="staff", actor=users.staff_actor_of(request.user), at=at)
    except Refusal as refusal:
        return _page(request, access.get_for_desk(user=request.user, reference=reference), refusal, at=at)
    messages.success(request, _("Marked as delivered. The buyer's time to look at it has begun."))
    return redirect("desk:orders:one", reference=reference)


def _page(request: HttpRequest, found: Order, refusal: Refusal | None = None, *, at: datetime) -> HttpResponse:
    trail = audit.events_for("order", found.reference)
    queries.read_story(found, trail)
    context = {
        "order": found,
        "step": queries.next_step(found, "staff", at),
        "timeline": queries.timeline(found, at),
        "money": money_story.money_table(found, at),
        "issue": queries.last_issue(found),
        "shipment": getattr(found, "shipment", None),
        "parts": parts.rows(found, "staff", at),
        "held": money_story.held_of(found),
        "refunded": money_story.refunded_of(found),
        "address": queries.address_lines(found),
        "trail": trail,
        "people": users.names_of(event.actor_reference for event in trail),
        "may_decide": access.may_decide(request.user),
        "refusal": refusal,
        "now": at,
    }
    return render(request, "desk/order.html", context, status=int(refusal.kind) if refusal else 200)
