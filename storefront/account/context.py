"""What the frame of every page knows about the person who looks at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.users.queries import staff_groups_of
from messaging.notifications import queries as notifications
from vendors.members import queries as members


def person(request: HttpRequest) -> dict[str, Any]:
    """`unread_count` (bell), `shops` (menu), `desks` (staff); each is read only where a template asks for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_count": 0, "shops": [], "desks": frozenset(), "debug_mail": debug_mail()}
    return {
        "unread_count": SimpleLazyObject(lambda: notifications.unread_count(user)),
        "shops": SimpleLazyObject(lambda: list(members.shops_of(user)[:20])),
        "desks": SimpleLazyObject(lambda: staff_groups_of(user)),
        "debug_mail": debug_mail(),
    }


def debug_mail() -> bool:
    """Whether mails stay on this machine, in the demo's letter box."""
    return settings.DEBUG and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
