"""Who may read the book: staff who judge or answer for money."""

from accounts.users.models import User
from accounts.users.queries import staff_groups_of

READERS = frozenset({"finance", "admins", "arbitrators"})
KEEPERS = frozenset({"finance", "admins"})


def may_read(user: User) -> bool:
    return _is_in(user, READERS)


def may_resolve(user: User) -> bool:
    """Write down what was done about a payment that needed a person."""
    return _is_in(user, KEEPERS)


def _is_in(user: User, groups: frozenset[str]) -> bool:
    """A group alone is not enough: whoever is no longer staff has left the desk."""
    return bool(user.is_authenticated and groups & staff_groups_of(user))
