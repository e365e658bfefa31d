"""The platform's own money at the provider, and taking it out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.step_up.freshness import ask_again_unless_fresh
from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import Invalid, NotHere, Refusal
from core.money import AmountMalformed, Money, parse
from desk.ledger.views import readers_only
from escrow.ledger import access
from escrow.payouts import platform


class WithdrawalForm(forms.Form):
    currency = forms.RegexField(r"^[A-Z]{3}$")
    amount = forms.CharField(max_length=20)
    reason = forms.CharField(max_length=platform.LONGEST_REASON, strip=True, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_money(request: HttpRequest) -> HttpResponse:
    """What covers others and what is ours; POST sets some of ours aside for a payout."""
    readers_only(request)
    if request.method != "POST":
        return _page(request)
    if not access.may_resolve(request.user):
        raise NotHere
    ask_again_unless_fresh(request)
    try:
        amount, reason = _asked(request)
        platform.withdraw(amount=amount, reason=reason, actor=staff_actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
    except Refusal as refusal:
        return _page(request, problem=refusal.message, status=int(refusal.kind))
    messages.success(request, _("{amount} is set aside. Make the payout at the provider; the statement will find it.").format(amount=amount))
    return redirect("desk:ledger:platform")


def _asked(request: HttpRequest) -> tuple[Money, str]:
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        raise Invalid("amount", _("Write an amount and what it is for."))
    try:
        return parse(form.cleaned_data["amount"].replace(",", "."), form.cleaned_data["currency"]), form.cleaned_data["reason"]
    except AmountMalformed:
        raise Invalid("amount", _("Write an amount like 25 or 25.50.")) from None


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "rows": platform.coverage(),
        "may_withdraw": access.may_resolve(request.user),
        "problem": problem,
        "typed": request.POST,
        "here": "platform",
    }
    return render(request, "desk/ledger/platform.html", context, status=status)
