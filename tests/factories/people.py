"""People and shops for tests, made by the real operations."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.addresses.operations import address_data
from accounts.users import operations as users
from accounts.users.models import User
from accounts.users.queries import actor_of
from core import clock
from vendors.members import operations as members
from vendors.members.models import Member
from vendors.profiles import operations as profiles
from vendors.profiles.models import Vendor

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


def make_user(email: str = "", *, name: str = "Amina Rahal", **fields: Any) -> User:
    """A person with a confirmed address who can sign in with PASSWORD."""
    email = email or f"person{next(_numbers)}@example.com"
    return users.register(email=email, password=PASSWORD, name=name, at=clock.now(), **{"verified": True, **fields})


def make_draft_shop(owner: User | None = None, *, kind: str = "individual", name: str = "", country: str = "DE", currency: str = "EUR") -> Vendor:
    """A shop as it is just after it was begun."""
    owner = owner or make_user()
    name = name or f"Shop {next(_numbers)}"
    return profiles.open(owner=owner, kind=kind, name=name, country=country, currency=currency, actor=actor_of(owner), at=clock.now())


def make_shop(owner: User | None = None, **fields: Any) -> Vendor:
    """An open shop. `owner` has every right in it."""
    owner = owner or make_user()
    shop = make_draft_shop(owner, **fields)
    details: dict[str, Any] = {"place": "Leipzig", "about": "Cameras and lenses, cleaned and tested."}
    if shop.is_business:
        address = address_data(name="Olive GmbH", street="Hauptstr. 1", city="Leipzig", postcode="04109", country="DE")
        details |= {"legal_name": "Olive GmbH", "registration_number": "HRB 12345", "address": address.as_json()}
    shop = profiles.change(vendor=shop, actor=actor_of(owner), at=clock.now(), **details)
    return profiles.activate(vendor=shop, actor=actor_of(owner), at=clock.now())


def make_member(shop: Vendor, role: str, user: User | None = None) -> Member:
    """A member of a shop, by way of a real invitation."""
    user = user or make_user()
    owner = Member.objects.filter(vendor=shop, role="owner").select_related("user")[0].user
    at = clock.now()
    invitation = members.invite(vendor=shop, email=user.email, role=role, by=owner, actor=actor_of(owner), at=at)
    return members.accept(token=members.token_of(invitation), user=user, actor=actor_of(user), at=at)
