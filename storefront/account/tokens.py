"""API tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.step_up.freshness import ask_again_unless_fresh
from accounts.tokens import operations as tokens
from accounts.tokens import queries
from accounts.tokens.scopes import MONEY
from core import clock
from core.errors import Refusal
from storefront.account.forms import TokenForm, scope_words


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    at, secret = clock.now(), ""
    form = TokenForm(request.POST or None, staff=request.user.is_staff)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        if MONEY in answers["scopes"]:
            ask_again_unless_fresh(request)
        try:
            _token, secret = tokens.issue(user=request.user, name=answers["name"], scopes=answers["scopes"], expires_at=at + form.lasts, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form = TokenForm(staff=request.user.is_staff)
    rows = [(token, token.is_live(at), scope_words(token.scopes)) for token in queries.of(request.user)[:100]]
    return render(request, "account/tokens.html", {"form": form, "rows": rows, "secret": secret}, status=422 if form.errors else 200)


@require_POST
@login_required
def revocation(request: HttpRequest, reference: str) -> HttpResponse:
    tokens.revoke(user=request.user, reference=reference, at=clock.now())
    messages.success(request, _("The token is revoked and works no longer."))
    return redirect("storefront:account:tokens")
