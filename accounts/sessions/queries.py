"""Where am I signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from accounts.users.models import User


def of(user: User) -> list[UserSession]:
    """My live sessions, the latest first; sessions that ended elsewhere are dropped on the way."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)
