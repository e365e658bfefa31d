"""Whose token is this, and which tokens have I."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import PREFIX
from accounts.users.models import User
from core import references


def authenticate(secret: str, at: datetime) -> ApiToken | None:
    """The live token with this secret, with its active user; None for everything else, and nobody learns why."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    token = ApiToken.objects.select_related("user").filter(fingerprint=references.fingerprint(secret)).first()
    return token if token and token.is_live(at) and token.user.is_active else None


def of(user: User) -> QuerySet[ApiToken]:
    """My tokens, newest first, revoked and expired ones too."""
    return ApiToken.objects.filter(user=user)
