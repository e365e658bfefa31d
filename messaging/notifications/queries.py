"""What I was told."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.users.models import User
from messaging.notifications.models import Notification


def for_user(user: User) -> QuerySet[Notification]:
    """My notifications, the newest first."""
    return Notification.objects.filter(user=user)


def unread_count(user: User) -> int:
    """How many I have not opened, counted up to 100: the bell shows 99+."""
    return for_user(user).filter(read_at=None)[:100].count()
