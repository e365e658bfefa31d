"""Who is calling: `Authorization: Bearer souk_…` for machines, the session cookie (with CSRF) for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core import clock

if TYPE_CHECKING:  # rest_framework.views imports this module by its settings
    from rest_framework.views import APIView


class TokenAuthentication(BaseAuthentication):
    """Our own hashed, scoped, expiring tokens."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """(user, ApiToken), None without the header, AuthenticationFailed for a wrong one."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Send the header as “Authorization: Bearer souk_…”."))
        from accounts.tokens import operations, queries

        at = clock.now()
        token = queries.authenticate(parts[1].decode("latin-1"), at=at)
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        operations.note_use(token=token, at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer to strangers a 401."""
        return 'Bearer realm="souk"'


class Declared(BasePermission):
    """The only permission class: it reads the view's `access` and denies when a view declares none.

    `access` is one word or a dict by action: "anyone"; "person" (signed in, token scope `scope`);
    "staff" (signed in and in one of `staff_groups`). Whose object it is, is decided by the room's `access.py`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Deny unless the declared access is met."""
        declared = access_of(view)
        if declared == "anyone":
            return True
        if not (request.user and request.user.is_authenticated):
            return False
        if request.auth is not None and not _in_scope(request, view):
            return False
        if declared == "staff":
            from accounts.users.queries import staff_groups_of

            return bool(set(getattr(view, "staff_groups", ())) & staff_groups_of(request.user))
        return declared == "person"


def access_of(view: APIView) -> str | None:
    """The declared access of the view's current action."""
    declared = getattr(view, "access", None)
    if isinstance(declared, dict):
        return declared.get(getattr(view, "action", None) or "")
    return declared


def _in_scope(request: Request, view: APIView) -> bool:
    needed = "read" if request.method in SAFE_METHODS else getattr(view, "scope", "write")
    granted: list[str] = request.auth.scopes
    return needed in granted or (needed == "read" and bool(granted))
