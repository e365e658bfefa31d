"""The list behind the bell."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from messaging.notifications import access, queries
from messaging.notifications import operations as notifications


@require_safe
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.for_user(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "account/notifications.html", {"page": page})


@require_safe
@login_required
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark it read and go where it leads."""
    told = access.get_for(request.user, reference=reference)
    notifications.mark_read(user=request.user, reference=reference, at=clock.now())
    return redirect(told.url)


@require_POST
@login_required
def reading(request: HttpRequest) -> HttpResponse:
    notifications.mark_read(user=request.user, at=clock.now())
    return redirect("storefront:account:notifications")
