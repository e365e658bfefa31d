"""End a session of mine, or all of them but this one."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.sessions.signals import session_ended
from accounts.users.models import User
from core import audit
from core.actors import Actor
from core.errors import NotHere


@transaction.atomic
def end(*, user: User, number: int, at: datetime) -> None:
    """Sign out of one place. Somebody else's session is not there."""
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None:
        raise NotHere
    _end(session, user, at)


@transaction.atomic
def end_others(*, user: User, current_key: str, at: datetime) -> int:
    """Sign out everywhere except here; returns how many sessions ended."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current_key))
    for session in others:
        _end(session, user, at)
    return len(others)


def forget_expired(*, at: datetime) -> int:
    """Drop sessions that ran out, and the list entries that point to nothing; returns how many sessions."""
    gone = Session.objects.filter(expire_date__lt=at).delete()[0]
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
    return gone


def _end(session: UserSession, user: User, at: datetime) -> None:
    key = session.session_key
    session.end()
    audit.record(kind="user", reference=user.reference, name="session_ended", actor=Actor("user", user.reference), at=at)
    session_ended.send(sender=UserSession, user=user, session_key=key)
