"""When a session last proved who it is."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import Kind, Refusal

STAMP = "proved_at"  # in the session: any way of signing in


class StepUpRequired(Refusal):
    code = "step_up_required"
    kind = Kind.FORBIDDEN
    sentence = _(
        "This moves money, and your last sign-in is more than five minutes ago. Send your password to /_allauth/browser/v1/auth/reauthenticate"
        " (in a browser: /accounts/reauthenticate/), then ask again. A token needs the scope “money” instead."
    )


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved who it is within the last five minutes. Who has neither password nor second factor cannot be asked."""
    if not request.user.is_authenticated:
        return False
    proofs = [float(record.get("at", 0)) for record in get_authentication_records(request, request.user)]
    latest = max([float(request.session.get(STAMP, 0)), *proofs])
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT or not get_reauthentication_flows(request.user)


def ask_again_unless_fresh(request: HttpRequest) -> None:
    """For pages: allauth's middleware keeps the request, asks for the password (or passkey, or code), and sends it again by itself."""
    if not is_fresh(request):
        raise ReauthenticationRequired


def stamp(request: HttpRequest) -> None:
    """A sign-in of any kind is a proof."""
    request.session[STAMP] = time.time()
