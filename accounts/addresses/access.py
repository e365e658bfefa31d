"""A person's own addresses, or nothing."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.addresses.models import Address
from accounts.users.models import User
from core.errors import NotHere


def of(user: User) -> QuerySet[Address]:
    """My address book, the default first."""
    return Address.objects.filter(user=user)


def get_for(user: User, *, reference: str) -> Address:
    """One of my addresses. Somebody else's is not there."""
    address = of(user).filter(reference=reference).first()
    if address is None:
        raise NotHere
    return address
