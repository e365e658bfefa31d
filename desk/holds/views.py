"""Pages about held money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import NotHere, Refusal
from desk.holds.forms import LateRefundForm
from escrow.holds import access, queries
from escrow.holds.models import Hold
from escrow.holds.states import State
from escrow.late_refunds import access as late_access
from escrow.late_refunds import queries as late_queries
from escrow.late_refunds import staff as late_refunds
from marketplace.orders import queries as orders

PAGE = 50


@require_safe
@login_required
def hold_list(request: HttpRequest) -> HttpResponse:
    """All holds, newest first; by words, by state, or only those whose deadline has passed."""
    if not access.may_read(request.user):
        raise NotHere
    at = clock.now()
    state = request.GET.get("state", "") if request.GET.get("state") in State.values else ""
    overdue = request.GET.get("overdue") == "1"
    words = request.GET.get("q", "")[:40].replace("\x00", "")
    found = queries.matching(words=words, state=state, overdue_at=at if overdue else None)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = queries.names_of(*{key for hold in page for key in (hold.buyer, hold.seller)})
    context = {
        "page": page,
        "rows": [(hold, names.get(hold.buyer, hold.buyer), names.get(hold.seller, hold.seller)) for hold in page],
        "states": State.choices,
        "state": state,
        "overdue": overdue,
        "q": words,
        "at": at,
    }
    return render(request, "desk/holds.html", context)


@require_safe
@login_required
def hold(request: HttpRequest, reference: str) -> HttpResponse:
    """One hold with everything that is known about it."""
    return _page(request, access.hold_for_desk(request.user, reference))


@require_POST
@login_required
def late_refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Give back some of what the seller was paid; above the limit a second person gives it."""
    found, actor = late_access.to_give(request.user, reference), staff_actor_of(request.user)  # type: ignore[arg-type]
    form = LateRefundForm(request.POST, hold=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        asked = late_refunds.ask(hold=found, at=clock.now(), actor=actor, **form.said)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, found, form, status=int(refusal.kind))
    waits = _("Above the limit: a second person gives it.")
    messages.success(request, waits if asked.state == "asked" else _("Given back. Both sides are told."))
    return redirect("desk:holds:one", reference=reference)


@require_POST
@login_required
def late_refund_approval(request: HttpRequest, reference: str) -> HttpResponse:
    """A second person gives it."""
    found, actor = late_access.to_give(request.user, reference), staff_actor_of(request.user)  # type: ignore[arg-type]
    return _decide(request, found, lambda: late_refunds.approve(hold=found, at=clock.now(), actor=actor), _("Given back. Both sides are told."))


@require_POST
@login_required
def late_refund_refusal(request: HttpRequest, reference: str) -> HttpResponse:
    """It is not given."""
    found, actor = late_access.to_give(request.user, reference), staff_actor_of(request.user)  # type: ignore[arg-type]
    words = request.POST.get("words", "").replace("\x00", "")
    return _decide(request, found, lambda: late_refunds.refuse(hold=found, words=words, at=clock.now(), actor=actor), _("Refused."))


def _decide(request: HttpRequest, found: Hold, work: Callable[[], object], words: str) -> HttpResponse:
    try:
        work()
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, status=int(refusal.kind))
    messages.success(request, words)
    return redirect("desk:holds:one", reference=found.reference)


def _page(
    request: HttpRequest, found: Hold, form: LateRefundForm | None = None, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    given = late_queries.by_staff(found)
    context = story_of(found, given)
    may_decide = access.may_decide(request.user)
    with_seller = late_queries.with_seller_of(found.parts.all(), found.currency)
    if may_decide and with_seller.amount_minor and form is None:
        form = LateRefundForm(hold=found, titles=context["titles"])  # type: ignore[arg-type]
    more = {"may_decide": may_decide, "late_refunds": given, "with_seller": with_seller, "form": form, "refusal": refusal}
    return render(request, "desk/hold.html", {**context, **more}, status=status)


def story_of(hold: Hold, *also: QuerySet[Any, Any]) -> dict[str, object]:
    """What the pages of a hold and of its issue show; `also` is read with it."""
    at = clock.now()
    sold = orders.under(hold)
    lines = orders.lines_of(sold)
    names = queries.read_for_desk(hold, sold, lines, *also)
    return {
        "hold": hold,
        "step": queries.next_step(hold, at),
        "story": queries.money_story(hold),
        "lines": queries.book_lines_of(hold),
        "buyer": names.parties.get(hold.buyer, hold.buyer),
        "seller": names.parties.get(hold.seller, hold.seller),
        "names": names.parties,
        "order": next(iter(sold), None),
        "titles": {line.reference: line.title for line in lines},
        "people": names.people,
        "at": at,
    }
