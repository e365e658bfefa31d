"""The proof that verbs about money need: of a person, a sign-in of the last five minutes; of a machine, a token with the scope `money`."""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from accounts.step_up import freshness
from accounts.tokens.scopes import MONEY


def demand(request: Request) -> None:
    """Refuse without it. A guest has proved everything with the key of the order."""
    if request.auth is not None:
        if not request.auth.allows(MONEY):
            raise freshness.StepUpRequired
    elif isinstance(request.successful_authenticator, SessionAuthentication) and not freshness.is_fresh(request._request):
        raise freshness.StepUpRequired
