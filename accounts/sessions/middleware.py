"""Who makes the request."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.sessions.store import person_of


class PersonMiddleware(AuthenticationMiddleware):
    """Django's, but the person comes with the session (see the store) instead of by a question of its own."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _once(request))  # type: ignore[assignment]


def _once(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    if not hasattr(request, "_cached_user"):
        request._cached_user = person_of(request)  # type: ignore[attr-defined]  # where Django keeps it too
    found: AbstractBaseUser | AnonymousUser = request._cached_user  # type: ignore[attr-defined]
    return found
