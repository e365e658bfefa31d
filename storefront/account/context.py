"""What the frame of every page knows about the person who looks at it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from accounts.users.queries import staff_groups_of
from storefront import numbers
from storefront.account.outbox import is_open
from vendors.members import queries as members


def person(request: HttpRequest) -> dict[str, Any]:
    """`unread_count` (bell), `shops` (menu), `desks` (staff); functions, because a template calls what it uses and only that is read."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_count": 0, "shops": [], "desks": frozenset(), "letter_box": is_open()}
    return {
        "unread_count": cache(lambda: numbers.of(user).unread),
        "shops": cache(lambda: list(members.shops_of(user)[:20])),
        "desks": cache(lambda: staff_groups_of(user)),
        "letter_box": is_open(),
    }
