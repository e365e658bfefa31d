"""The queue and one case: both sides' words and evidence, the ruling, and what the ledger would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.attachments import attachment
from core.errors import NotHere, Refusal
from desk.holds.views import story_of
from desk.issues.forms import OUTCOMES, AppealForm, DecisionForm, WordsForm
from escrow.appeals import operations as appeals
from escrow.disputes import access as disputes
from escrow.disputes import evidence, operations, rulings
from escrow.disputes import queries as cases
from escrow.disputes.models import Dispute
from escrow.holds import access, queries
from escrow.holds.models import Issue

QUEUE = 100


@require_safe
@login_required
def issue_list(request: HttpRequest) -> HttpResponse:
    """What is open, soonest deadline first."""
    if not access.may_decide(request.user):
        raise NotHere
    return render(
        request,
        "desk/issues.html",
        {
            **_rows(queries.open_issues()[:QUEUE]),
            "at": clock.now(),
            "decided": queries.decided_issues()[:10],
            "appealed": cases.issues_appealed_late()[:QUEUE],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """One case; POST rules it. `preview` shows what the ledger would do, and does nothing."""
    found = _found(request, reference, deciding=request.method == "POST")
    form = DecisionForm(request.POST or None, hold=found.hold)
    if request.method != "POST" or not form.is_valid() or request.POST.get("do") == "preview":
        return _case(request, found, form, status=422 if form.errors else 200)
    said = {"to_buyer": form.amount, "must_return": form.cleaned_data["must_return"], "reason": form.cleaned_data["reason"]}
    return _do(request, found, form, lambda: _rule(found, said, request), _("Decided. Both sides are told."))


def _rule(found: Dispute, said: dict[str, Any], request: HttpRequest) -> None:
    """The case is taken up with the ruling, where it was not yet."""
    at, actor = clock.now(), staff_actor_of(request.user)
    with transaction.atomic():
        if found.state in ("opened", "talking", "evidence"):
            found = rulings.begin_deciding(dispute=found, by="staff", at=at, actor=actor)
        rulings.rule(dispute=found, at=at, actor=actor, **said)


@require_POST
@login_required
def approval(request: HttpRequest, reference: str) -> HttpResponse:
    """A second person agrees."""
    found = _found(request, reference, deciding=True)
    form = DecisionForm(hold=found.hold)
    actor = staff_actor_of(request.user)
    return _do(request, found, form, lambda: rulings.approve(dispute=found, at=clock.now(), actor=actor), _("Approved. Both sides are told."))


@require_POST
@login_required
def objection(request: HttpRequest, reference: str) -> HttpResponse:
    """A second person disagrees."""
    found = _found(request, reference, deciding=True)
    form = WordsForm(request.POST)
    actor, words = staff_actor_of(request.user), request.POST.get("words", "")
    return _do(request, found, form, lambda: rulings.send_back(dispute=found, words=words, at=clock.now(), actor=actor), _("Sent back."))


@require_POST
@login_required
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """The second look after the money has moved, by somebody who did not decide before."""
    found = _found(request, reference, deciding=True)
    form = AppealForm(request.POST, hold=found.hold)
    if not form.is_valid():
        return _case(request, found, DecisionForm(hold=found.hold), look=form, status=422)
    said, actor = form.cleaned_data, staff_actor_of(request.user)
    return _do(request, found, form, lambda: appeals.decide(dispute=found, at=clock.now(), actor=actor, **said), _("Decided. Both sides are told."))


@require_POST
@login_required
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """To both sides, or between our people."""
    found = _found(request, reference, deciding=True)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _case(request, found, DecisionForm(hold=found.hold), words=form, status=422)
    said, actor = form.cleaned_data, staff_actor_of(request.user)
    return _do(request, found, form, lambda: operations.write(dispute=found, side="staff", at=clock.now(), actor=actor, **said), _("Written."))


@require_safe
@login_required
def exhibit(request: HttpRequest, reference: str, exhibit: str) -> HttpResponse:
    """A file that was shown."""
    piece = disputes.exhibit_of(_found(request, reference), exhibit)
    return attachment(evidence.content(piece), kind=evidence.ENDINGS[piece.media_type], name=piece.reference)


def _found(request: HttpRequest, reference: str, *, deciding: bool = False) -> Dispute:
    fetch = disputes.get_to_decide if deciding else disputes.get_for_desk
    return fetch(request.user, issue=reference)


def _do(request: HttpRequest, found: Dispute, form: Any, work: Callable[[], object], words: str) -> HttpResponse:
    try:
        work()
    except Refusal as refusal:
        decision = form if isinstance(form, DecisionForm) and form.is_bound else DecisionForm(hold=found.hold)
        return _case(request, _found(request, found.issue.reference), decision, refusal=refusal, status=int(refusal.kind))
    messages.success(request, words)
    return redirect("desk:issues:one", reference=found.issue.reference)


def _case(
    request: HttpRequest,
    found: Dispute,
    form: DecisionForm,
    *,
    words: WordsForm | None = None,
    look: AppealForm | None = None,
    refusal: Refusal | None = None,
    status: int,
) -> HttpResponse:
    issue, queue = found.issue, queries.open_issues()[:QUEUE]
    found = cases.with_everything(found) if request.method in ("GET", "HEAD") else cases.read_case(found)
    hold = issue.hold = found.hold
    context = {
        **story_of(hold, queue),
        **_rows(queue),
        "issue": issue,
        "dispute": found,
        "dispute_step": cases.next_step(found),
        "form": form,
        "words_form": words or WordsForm(),
        "late_appeal": cases.late_appeal_of(found),
        "appeal_form": look or AppealForm(hold=hold, auto_id="appeal_%s"),
        "refusal": refusal,
        "previews": _previews(found, form) if issue.is_open else [],
        "rest": {outcome: queries.rest_of(hold, outcome) for outcome in ("refund", "release")} if issue.is_open else {},
        "own_case": access.is_party(request.user, hold),
    }
    return render(request, "desk/issue.html", context, status=status)


def _previews(found: Dispute, form: DecisionForm) -> list[tuple[object, list[queries.PreviewLine]]]:
    """What the chosen division would write; before anything is chosen, the two whole ones."""
    hold = found.hold
    if not form.is_bound or not form.is_valid():
        return [(words, queries.preview(hold, outcome)) for outcome, words in OUTCOMES if outcome != "divide"]
    try:
        return [(dict(OUTCOMES)[form.cleaned_data["outcome"]], cases.preview(hold, form.amount))]
    except Refusal as refusal:
        form.refuse(refusal)
        return []


def _rows(queue: QuerySet[Issue]) -> dict[str, object]:
    names = queries.names_of(*{key for issue in queue for key in (issue.hold.buyer, issue.hold.seller)})
    rows = [(issue, names.get(issue.hold.buyer, issue.hold.buyer), names.get(issue.hold.seller, issue.hold.seller)) for issue in queue]
    return {"queue": rows}
