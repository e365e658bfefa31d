"""What I was told."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet

from accounts.users.models import User
from messaging.notifications.models import Notification


def for_user(user: User) -> QuerySet[Notification]:
    """My notifications, the newest first."""
    return Notification.objects.filter(user=user)


def unread_of(user: User | OuterRef) -> QuerySet[Notification]:
    """What I have not opened."""
    return Notification.objects.filter(user=user, read_at=None)  # type: ignore[misc]  # a reference from an outer query, too


def unread_count(user: User) -> int:
    """How many I have not opened, counted up to 100."""
    return unread_of(user)[:100].count()
