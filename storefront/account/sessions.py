"""Where I am signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions import operations as sessions
from accounts.sessions import queries
from core import clock


@require_safe
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key
    rows = [(session, session.session_key == here, _device(session.user_agent)) for session in queries.of(request.user)]
    return render(request, "account/sessions.html", {"rows": rows, "others": sum(not mine for _row, mine, _words in rows)})


@require_POST
@login_required
def end(request: HttpRequest, number: int) -> HttpResponse:
    sessions.end(user=request.user, number=number, at=clock.now())
    messages.success(request, _("That session is ended."))
    return redirect("storefront:account:sessions")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_others(user=request.user, current_key=request.session.session_key or "", at=clock.now())
    messages.success(request, ngettext("{number} other session is ended.", "{number} other sessions are ended.", ended).format(number=ended))
    return redirect("storefront:account:sessions")


def _device(user_agent: str) -> str:
    """Two plain words for a long line: browser and system."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))
    found = [next((word for mark, word in kind if mark in user_agent), "") for kind in (browsers, systems)]
    return ", ".join(word for word in found if word) or _("Unknown device")
