"""Sellers who owe us, and debts that are given up."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import Invalid, NotHere, Refusal
from core.money import AmountMalformed, Money, parse
from desk.ledger.views import readers_only
from escrow.ledger import access
from escrow.payouts import queries, recovery


class WriteOffForm(forms.Form):
    currency = forms.RegexField(r"^[A-Z]{3}$")
    amount = forms.CharField(max_length=20)
    reason = forms.CharField(max_length=recovery.LONGEST_REASON, strip=True, required=False)


@require_safe
@login_required
def debt_list(request: HttpRequest) -> HttpResponse:
    """Who owes how much, the largest first."""
    readers_only(request)
    return _page(request)


@require_POST
@login_required
def write_off(request: HttpRequest, seller: str) -> HttpResponse:
    """Give a debt up, with the reason."""
    readers_only(request)
    if not access.may_resolve(request.user):
        raise NotHere
    try:
        left = _write_off(request, seller)
    except Refusal as refusal:
        return _page(request, seller=seller, problem=refusal.message, status=int(refusal.kind))
    messages.success(request, _("Written off. The seller now owes {left}.").format(left=left))
    return redirect("desk:ledger:debts")


def _write_off(request: HttpRequest, seller: str) -> Money:
    form = WriteOffForm(request.POST)
    if not form.is_valid():
        raise Invalid("amount", _("Write an amount and a reason."))
    try:
        amount = parse(form.cleaned_data["amount"].replace(",", "."), form.cleaned_data["currency"])
    except AmountMalformed:
        raise Invalid("amount", _("Write an amount like 25 or 25.50.")) from None
    reason = form.cleaned_data["reason"]
    return recovery.write_off(seller=seller, amount=amount, reason=reason, actor=staff_actor_of(request.user), at=clock.now())  # type: ignore[arg-type]


def _page(request: HttpRequest, *, seller: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "debtors": queries.debtors(),
        "may_write_off": access.may_resolve(request.user),
        "problem": problem,
        "seller": seller,
        "typed": request.POST,
        "here": "debts",
    }
    return render(request, "desk/ledger/debts.html", context, status=status)
