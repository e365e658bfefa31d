"""Who may read the book: staff who judge or answer for money."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from accounts.users.queries import group_names_of

READERS = frozenset({"finance", "admins", "arbitrators"})
KEEPERS = frozenset({"finance", "admins"})


def may_read(user: AbstractBaseUser | AnonymousUser) -> bool:
    return _is_in(user, READERS)


def may_resolve(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Write down what was done about a payment that needed a person."""
    return _is_in(user, KEEPERS)


def _is_in(user: AbstractBaseUser | AnonymousUser, groups: frozenset[str]) -> bool:
    active = user.is_authenticated and user.is_active
    return active and bool(groups & group_names_of(user))  # type: ignore[arg-type]
