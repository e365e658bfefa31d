"""Reads about people."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import Any, TypeVar

from accounts.users.models import STAFF_GROUPS, User
from core.actors import Actor

Answer = TypeVar("Answer")


def actor_of(user: User) -> Actor:
    """How operations, events and ledger entries name this person."""
    return Actor("user", user.reference, user.shown_name)


def staff_actor_of(user: User) -> Actor:
    """The same person acting for the house, at the desk."""
    return Actor("staff", user.reference, user.shown_name)


def by_reference(reference: str) -> User | None:
    """The active person with this reference."""
    return User.objects.filter(reference=reference, is_active=True).first()


def names_of(references: Iterable[str]) -> dict[str, str]:
    """What these people are called, by their reference; for staff."""
    wanted = {reference for reference in references if reference}
    return {person.reference: person.shown_name for person in User.objects.filter(reference__in=wanted)} if wanted else {}


def staff_groups_of(user: User) -> frozenset[str]:
    """Which desks this person sits at; an administrator sits at all of them."""
    if not (user.is_active and user.is_staff):
        return frozenset()
    if user.is_superuser:
        return frozenset(STAFF_GROUPS)
    return group_names_of(user) & frozenset(STAFF_GROUPS)


def group_names_of(user: User) -> frozenset[str]:
    """Read with the session where the person makes this request (accounts.sessions.store)."""
    read: frozenset[str] | None = getattr(user, "groups_read", None)
    return read if read is not None else asked_once(user, "groups", lambda: frozenset(user.groups.values_list("name", flat=True)))


def asked_once(user: User, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer about whoever makes this page's request, asked for once; about anybody else, and in the next request, asked anew."""
    known: dict[Hashable, Any] | None = getattr(user, "asked_in_request", None)
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    return known[question]  # type: ignore[no-any-return]


@cache
def known_zones() -> frozenset[str]:
    """Every name of the time zone database: finding them opens hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


def time_zones() -> list[str]:
    """Names for the time zone list: places people know, without the historic aliases."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(zone for zone in known_zones() if zone.startswith(areas))]
