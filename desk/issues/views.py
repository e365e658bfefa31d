"""The queue and one case."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.users.queries import staff_actor_of
from core import clock
from core.errors import NotHere, Refusal
from desk.holds.views import story_of
from desk.issues.forms import OUTCOMES, DecisionForm
from escrow.holds import access, queries
from escrow.holds import operations as holds
from escrow.holds.models import Issue

QUEUE = 100


@require_safe
@login_required
def issue_list(request: HttpRequest) -> HttpResponse:
    """What is open, soonest deadline first."""
    if not access.may_decide(request.user):
        raise NotHere
    return render(request, "desk/issues.html", {**_rows(queries.open_issues()[:QUEUE]), "at": clock.now(), "decided": queries.decided_issues()[:10]})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: both sides' facts, the decision, and what the ledger would do."""
    found = access.issue_for_desk(request.user, reference)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        found = access.issue_to_decide(request.user, reference)
        if form.is_valid():
            try:
                holds.settle_issue(hold=found.hold, actor=staff_actor_of(request.user), at=clock.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.refuse(refusal)
                return _case(request, access.issue_for_desk(request.user, reference), form, status=int(refusal.kind))
            messages.success(request, _("Decided. Both sides are told."))
            return redirect("desk:issues:one", reference=reference)
    return _case(request, found, form, status=422 if form.is_bound else 200)


def _case(request: HttpRequest, issue: Issue, form: DecisionForm, *, status: int) -> HttpResponse:
    hold, queue = issue.hold, queries.open_issues()[:QUEUE]
    context = {
        **story_of(hold, queue),
        **_rows(queue),
        "issue": issue,
        "form": form,
        "previews": [(outcome, words, queries.preview(hold, outcome)) for outcome, words in OUTCOMES] if issue.is_open else [],
        "rest": {outcome: queries.rest_of(hold, outcome) for outcome in ("refund", "release")} if issue.is_open else {},
        "own_case": access.is_party(request.user, hold),
    }
    return render(request, "desk/issue.html", context, status=status)


def _rows(queue: QuerySet[Issue]) -> dict[str, object]:
    names = queries.names_of(*{key for issue in queue for key in (issue.hold.buyer, issue.hold.seller)})
    rows = [(issue, names.get(issue.hold.buyer, issue.hold.buyer), names.get(issue.hold.seller, issue.hold.seller)) for issue in queue]
    return {"queue": rows}
