"""The cases, one case, and what can be done about it."""

from __future__ import annotations

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
from core.errors import NotHere, Refusal
from escrow.chargebacks import access, evidence, queries
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import Chargeback
from escrow.chargebacks.states import Bearer
from escrow.chargebacks.words import PIECES

PAGE = 50


class EvidenceForm(forms.Form):
    name = forms.CharField(max_length=40, required=False)
    words = forms.CharField(max_length=evidence.LONGEST_WORDS, required=False)
    file = forms.FileField(required=False, max_length=120)


@require_safe
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """What must be answered first, then everything."""
    if not access.may_read(request.user):
        raise NotHere
    page = Paginator(queries.all_cases(), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/chargebacks.html", {"open": queries.all_cases(state="open")[:PAGE], "page": page, "at": clock.now()})


@require_safe
@login_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case."""
    return _page(request, access.for_desk(request.user, reference))


@require_POST
@login_required
def add_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Words or a file for the bank."""
    found, form = access.to_answer(request.user, reference), EvidenceForm(request.POST, request.FILES)
    form.is_valid()
    given = form.cleaned_data
    file = given.get("file")
    try:
        evidence.add(
            case=found,
            name=given.get("name", ""),
            words=given.get("words", ""),
            file=file.read() if file else b"",
            file_name=file.name if file else "",
            actor=staff_actor_of(request.user),  # type: ignore[arg-type]
            at=clock.now(),
        )
    except Refusal as refusal:
        return _page(request, found, problem=refusal.message, at_form="evidence", status=int(refusal.kind))
    messages.success(request, _("Kept. It goes to the bank when the evidence is sent."))
    return redirect("desk:chargebacks:one", reference=reference)


@require_POST
@login_required
def submission(request: HttpRequest, reference: str) -> HttpResponse:
    """Send it to the bank, once."""
    found = access.to_answer(request.user, reference)
    try:
        evidence.submit(case=found, actor=staff_actor_of(request.user), at=clock.now())  # type: ignore[arg-type]
    except Refusal as refusal:
        return _page(request, found, problem=refusal.message, at_form="submission", status=int(refusal.kind))
    messages.success(request, _("The evidence is on its way to the bank."))
    return redirect("desk:chargebacks:one", reference=reference)


@require_POST
@login_required
def bearer(request: HttpRequest, reference: str) -> HttpResponse:
    """Who pays if it is lost."""
    found, actor = access.to_answer(request.user, reference), staff_actor_of(request.user)  # type: ignore[arg-type]
    who, why = request.POST.get("bearer", ""), request.POST.get("reason", "")[: chargebacks.LONGEST_REASON].replace("\x00", "")
    try:
        chargebacks.make_bear(case=found, bearer=who, reason=why, actor=actor, at=clock.now())
    except Refusal as refusal:
        return _page(request, found, problem=refusal.message, at_form="bearer", status=int(refusal.kind))
    messages.success(request, _("It is written down."))
    return redirect("desk:chargebacks:one", reference=reference)


def _page(request: HttpRequest, found: Chargeback, *, problem: str = "", at_form: str = "", status: int = 200) -> HttpResponse:
    words = evidence.draft(found) if found.may_answer else {piece.name: piece.words for piece in found.evidence.all() if piece.words}
    context = {
        "case": found,
        "step": queries.next_step(found),
        "draft": [(PIECES.get(name, name), text) for name, text in sorted(words.items())],
        "files": [(PIECES.get(piece.name, piece.name), piece) for piece in found.evidence.all() if piece.file],
        "pieces": sorted(PIECES.items(), key=lambda piece: str(piece[1])),
        "bearers": Bearer.choices,
        "problem": problem,
        "at_form": at_form,
        "typed": request.POST,
        "at": clock.now(),
    }
    return render(request, "desk/chargeback.html", context, status=status)
