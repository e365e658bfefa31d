"""The list, and the button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.users.queries import staff_actor_of, staff_groups_of
from core import clock, set_aside
from core.errors import NotHere, Refusal

LARGEST_ID = 2**63 - 1


def may_mend(user: object) -> bool:
    """Administrators only: a job's arguments tell what happened to whom."""
    return "admins" in staff_groups_of(user)


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    if not may_mend(request.user):
        raise NotHere
    return render(request, "desk/jobs.html", {"jobs": set_aside.waiting(), "at": clock.now()})


@require_POST
@login_required
def replay(request: HttpRequest, job_id: int) -> HttpResponse:
    if not may_mend(request.user) or job_id > LARGEST_ID:
        raise NotHere
    try:
        set_aside.replay(job_id=job_id, actor=staff_actor_of(request.user), at=clock.now())
    except NotHere:
        messages.info(request, _("This job does not wait here any more."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A worker tries it again now. If it fails five more times, it comes back here."))
    return redirect("desk:jobs:list")
