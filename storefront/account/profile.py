"""The overview, the profile, and the language switch in every page's foot."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import access as addresses
from accounts.users import operations as users
from accounts.users.models import Language
from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from messaging.notifications import queries as notifications
from storefront.account.forms import ProfileForm


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    context = {"latest": notifications.for_user(request.user)[:3], "default_address": addresses.of(request.user).first()}
    return render(request, "account/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = request.user
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language, "time_zone": person.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            changed = users.change_profile(user=person, actor=actor_of(person), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            with translation.override(changed.language):
                messages.success(request, _("Your profile is saved."))
            return _with_language(redirect("storefront:account:profile"), changed.language)
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if (
        not back.startswith("/")
        or len(back) > 2000
        or not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    ):
        back = "/"
    if code not in Language.values:
        return redirect(back)
    if request.user.is_authenticated:
        users.change_profile(user=request.user, actor=actor_of(request.user), at=clock.now(), language=code)
    return _with_language(redirect(back), code)


def _with_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )
    return response
