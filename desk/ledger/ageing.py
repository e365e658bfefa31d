"""Money on its way, by age."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from desk import words as house
from desk.ledger.views import readers_only
from escrow.ledger import ageing
from escrow.payments import queries as payments


@require_safe
@login_required
def on_its_way(request: HttpRequest) -> HttpResponse:
    """What should empty itself, how long it has not, and where our copies differ from the provider's."""
    readers_only(request)
    context = {
        "rows": [(house.ACCOUNTS[row.name], row) for row in ageing.by_age(at=clock.now())],
        "differing": payments.differences_open().count(),
        "here": "ageing",
    }
    return render(request, "desk/ledger/ageing.html", context)
