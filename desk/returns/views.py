"""The queue, one return with both sides' words, and how much the seller keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import NotHere, Refusal
from core.money import AmountMalformed, Money, parse
from escrow.holds import access as holds
from marketplace.returns import access, operations, queries
from marketplace.returns.models import Return
from marketplace.returns.moves import LONGEST_WORDS

PAGE = 50


class RulingForm(forms.Form):
    """What the seller keeps, and why."""

    kept = forms.CharField(
        label=gettext_lazy("The seller keeps"), max_length=20, widget=forms.TextInput({"inputmode": "decimal", "class": "input--short"})
    )
    words = forms.CharField(
        label=gettext_lazy("Why?"), help_text=gettext_lazy("Both sides read this."), max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *values: Any, asked: Return, **options: Any) -> None:
        super().__init__(*values, **options)
        self.currency = asked.currency
        hint = _("In {currency}, from 0 to {most}. The rest goes back to the buyer.")
        self.fields["kept"].help_text = hint.format(currency=asked.currency, most=asked.amount.plain())

    def clean_kept(self) -> Money:
        try:
            return parse(self.cleaned_data["kept"].strip().replace(",", "."), self.currency)
        except AmountMalformed:
            raise forms.ValidationError(_("Write an amount like 12.50.")) from None


@require_safe
@login_required
def return_list(request: HttpRequest) -> HttpResponse:
    """What waits for our team, oldest first; then all others."""
    if not holds.may_decide(request.user):
        raise NotHere
    page = Paginator(queries.for_desk(), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/returns.html", {"waiting": queries.for_desk(waiting=True)[:PAGE], "page": page, "at": clock.now()})


@require_safe
@login_required
def one(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, access.get_for_desk(user=request.user, reference=reference))


@require_POST
@login_required
def ruling(request: HttpRequest, reference: str) -> HttpResponse:
    """How much the seller keeps; the rest goes back."""
    asked = access.get_to_decide(user=request.user, reference=reference)
    form = RulingForm(request.POST, asked=asked)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    try:
        operations.rule(
            asked=asked, deduction=form.cleaned_data["kept"], words=form.cleaned_data["words"], at=clock.now(), actor=staff_actor_of(request.user)
        )
    except Refusal as refusal:
        form.add_error({"deduction": "kept"}.get(refusal.field), str(refusal.message))
        return _page(request, asked, form, status=int(refusal.kind))
    messages.success(request, _("Decided. Both sides know it."))
    return redirect("desk:returns:one", reference=reference)


def _page(request: HttpRequest, asked: Return, form: RulingForm | None = None, *, status: int = 200) -> HttpResponse:
    context = {
        "asked": asked,
        "order": asked.order,
        "step": queries.next_step(asked),
        "story": queries.story_of(asked),
        "form": form or RulingForm(asked=asked, initial={"kept": asked.deduction.plain()}),
        "now": clock.now(),
    }
    return render(request, "desk/return.html", context, status=status)
