"""Where am I signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from accounts.users.models import User


def of(user: User) -> list[UserSession]:
    """My live sessions, the latest first: not run out, and begun with today's password."""
    content = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now()).values("session_data")
    listed = UserSession.objects.filter(user=user).annotate(content=Subquery(content)).exclude(content=None)
    return [session for session in listed.order_by("-last_seen_at") if _vouches(session.content, user)]


def _vouches(content: str, user: User) -> bool:
    signed = Session(session_data=content).get_decoded().get(HASH_SESSION_KEY, "")
    return constant_time_compare(signed, user.get_session_auth_hash())
