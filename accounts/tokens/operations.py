"""Issue and revoke tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import ALL, PREFIX
from accounts.users.models import User
from core import audit, references
from core.actors import Actor
from core.errors import Invalid, Kind, NotHere, Refusal

LONGEST = timedelta(days=366)
MOST = 20


class TooManyTokens(Refusal):
    """A limit against floods."""

    code = "too_many_tokens"
    kind = Kind.CONFLICT
    sentence = _("You have {most} tokens in use. Revoke one that you no longer need.")


@transaction.atomic
def issue(*, user: User, name: str, scopes: Collection[str], expires_at: datetime, at: datetime) -> tuple[ApiToken, str]:
    """Make a token; the returned secret is shown once and cannot be read again."""
    title = " ".join(name.split())
    if not 1 <= len(title) <= 60 or not title.isprintable():
        raise Invalid("name", _("Give the token a name of at most 60 characters, such as the program that uses it."))
    if not scopes or not set(scopes) <= set(ALL):
        raise Invalid("scopes", _("Choose at least one thing that the token may do."))
    if not at < expires_at <= at + LONGEST:
        raise Invalid("expires_at", _("Choose an end within the next 12 months."))
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    if ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at).count() >= MOST:
        raise TooManyTokens(most=MOST)
    secret = PREFIX + references.secret()
    token = ApiToken.objects.create(
        user=user,
        name=title,
        hint=secret[: len(PREFIX) + 4],
        fingerprint=references.fingerprint(secret),
        scopes=[scope for scope in ALL if scope in scopes],
        created_at=at,
        expires_at=expires_at,
    )
    _record(token, "token_issued", at, after={"name": title, "scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke(*, user: User, reference: str, at: datetime) -> ApiToken:
    """End one of my tokens at once; ending it twice is the same."""
    token = ApiToken.objects.select_for_update().filter(user=user, reference=reference).first()
    if token is None:
        raise NotHere
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record(token, "token_revoked", at, after={"name": token.name})
    return token


def note_use(*, token: ApiToken, at: datetime) -> None:
    """Remember that a token was used, at most once an hour."""
    an_hour_ago = at - timedelta(hours=1)
    if token.used_at is None or token.used_at < an_hour_ago:
        ApiToken.objects.filter(Q(used_at=None) | Q(used_at__lt=an_hour_ago), pk=token.pk).update(used_at=at)


def _record(token: ApiToken, name: str, at: datetime, after: dict[str, object]) -> None:
    person = token.user.reference
    audit.record(kind="user", reference=person, name=name, actor=Actor("user", person), at=at, after=after)
