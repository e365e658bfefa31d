"""How often: per person, per address for strangers, and tighter for doors that cost money or open accounts."""

from __future__ import annotations

from rest_framework.throttling import AnonRateThrottle, ScopedRateThrottle, UserRateThrottle


class PersonThrottle(UserRateThrottle):
    """Signed-in callers, by user."""

    scope = "person"


class StrangerThrottle(AnonRateThrottle):
    """Everybody else, by address."""

    scope = "stranger"


class DoorThrottle(ScopedRateThrottle):
    """A view with `throttle_scope = "…"` has its own, smaller bucket."""
