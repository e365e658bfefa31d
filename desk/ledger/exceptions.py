"""Payments that need a person."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import actor_of
from core import clock
from core.errors import Invalid, NotHere
from desk.ledger.views import PAGE, readers_only
from escrow.ledger import access
from escrow.payments import queries
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import PaymentException


class ResolutionForm(forms.Form):
    resolution = forms.CharField(max_length=300, strip=True)


@require_safe
@login_required
def exception_list(request: HttpRequest) -> HttpResponse:
    """What waits for a person, oldest first, then what was done."""
    readers_only(request)
    return _page(request)


@require_POST
@login_required
def resolution(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what was done."""
    readers_only(request)
    if not access.may_resolve(request.user):
        raise NotHere
    form = ResolutionForm(request.POST)
    words = form.cleaned_data["resolution"] if form.is_valid() else ""
    try:
        exceptions.resolve(exception_id=number, resolution=words, actor=actor_of(request.user), at=clock.now())
    except Invalid as refusal:
        return _page(request, problem=refusal.message, number=number, typed=request.POST.get("resolution", "")[:300], status=422)
    messages.success(request, _("It is written down."))
    return redirect("desk:ledger:exceptions")


def _page(request: HttpRequest, *, problem: str = "", number: int = 0, typed: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(queries.exceptions_all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, _words(row)) for row in page],
        "may_resolve": access.may_resolve(request.user),
        "problem": problem,
        "number": number,
        "typed": typed,
        "here": "exceptions",
    }
    return render(request, "desk/ledger/exceptions.html", context, status=status)


def _words(row: PaymentException) -> str:
    """What happened, in one sentence."""
    sentences = {
        "payment_mismatch": _("The provider was paid for something else than we asked for."),
        "refund_failed": _("A refund came back. The buyer must be paid another way."),
        "movement_unexplained": _("Money moved at the provider and nobody knows why. It waits in suspense."),
        "transfer_unexplained": _("The statement shows a transfer to a seller that our book does not."),
        "reversal_unexplained": _("The statement shows a reversed transfer that our book does not."),
        "webhook_unknown_object": _("The provider told us about something that we do not know."),
        "message_altered": _("Our copy of a message is not what the provider wrote. Somebody changed one of them."),
        "message_extra": _("We have a message that the provider says it never wrote."),
        "line_altered": _("Our copy of a line of the statement is not what the provider shows. Somebody changed one of them."),
        "line_extra": _("We have a line of the statement that the provider does not show."),
        "webhook_wrong_livemode": _("A test message reached the real door, or the other way round."),
    }
    return sentences.get(row.kind, row.kind)
