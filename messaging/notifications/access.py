"""One's own notifications, or nothing."""

from __future__ import annotations

from accounts.users.models import User
from core.errors import NotHere
from messaging.notifications.models import Notification


def get_for(user: User, *, reference: str) -> Notification:
    """One of mine. Somebody else's is not there."""
    notification = Notification.objects.filter(user=user, reference=reference).first()
    if notification is None:
        raise NotHere
    return notification
