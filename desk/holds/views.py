"""Pages about held money."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.errors import NotHere
from escrow.holds import access, queries
from escrow.holds.models import Hold
from escrow.holds.states import State
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
    found = access.hold_for_desk(request.user, reference)
    return render(request, "desk/hold.html", {**story_of(found), "may_decide": access.may_decide(request.user)})


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
