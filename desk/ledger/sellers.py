"""How much of a seller's earnings is kept back, and how long."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import Invalid, NotHere, Refusal
from desk.ledger.views import PAGE, readers_only
from escrow.ledger import access
from escrow.payouts import queries, reserves


class TermsForm(forms.Form):
    percent = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(100), decimal_places=2)
    days = forms.IntegerField(min_value=0, max_value=reserves.MOST_DAYS)
    reason = forms.CharField(max_length=300, strip=True, required=False)


@require_safe
@login_required
def seller_list(request: HttpRequest) -> HttpResponse:
    """Sellers who can be paid, those with a reserve first."""
    readers_only(request)
    return _page(request)


@require_POST
@login_required
def terms(request: HttpRequest, party: str) -> HttpResponse:
    """Set a seller's reserve, with the reason."""
    readers_only(request)
    if not access.may_resolve(request.user):
        raise NotHere
    form = TermsForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid("percent", _("Write a share from 0 to 100 percent, and a number of days."))
        given = form.cleaned_data
        reserves.set_terms(
            party=party,
            reserve_bp=int(given["percent"] * 100),
            reserve_days=given["days"],
            reason=given["reason"],
            actor=staff_actor_of(request.user),  # type: ignore[arg-type]
            at=clock.now(),
        )
    except NotHere:
        raise
    except Refusal as refusal:
        return _page(request, party=party, problem=refusal.message, status=int(refusal.kind))
    messages.success(request, _("Saved. It counts for what is earned from now on."))
    return redirect("desk:ledger:sellers")


def _page(request: HttpRequest, *, party: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "")[:40].replace("\x00", "")
    page = Paginator(queries.accounts_with_names(words=words), PAGE).get_page(request.GET.get("page"))
    rows = [(account, f"{account.reserve_bp / 100:g}") for account in page]
    context = {
        "page": page,
        "rows": rows,
        "q": words,
        "may_set": access.may_resolve(request.user),
        "party": party,
        "problem": problem,
        "here": "sellers",
    }
    return render(request, "desk/ledger/sellers.html", context, status=status)
