"""People move in and shops open, through the operations that their own pages use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import Group

from accounts.addresses import operations as addresses
from accounts.tokens import operations as tokens
from accounts.tokens.scopes import ALL as EVERY_SCOPE
from accounts.users import operations as users
from accounts.users import queries as user_queries
from accounts.users.models import User
from backend.demo.people import PEOPLE, SHOPS, TAX_BP, Person, Shop
from core.actors import Actor
from vendors.members import operations as members
from vendors.models import Vendor
from vendors.policies import operations as policies
from vendors.profiles import operations as vendors

PASSWORD = "souk-demo-2026"  # noqa: S105  # printed on purpose: the demo's sign-ins are public


class QuickHasher(Argon2PasswordHasher):
    """Argon2 without its slowness, for a password that everybody may know; the first sign-in replaces it by a slow one."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@dataclass(frozen=True)
class Account:
    """One sign-in of the demo, as the list of sign-ins shows it."""

    person: Person
    user: User
    token: str

    @property
    def actor(self) -> Actor:
        """The person as the actor of an operation."""
        return user_queries.actor_of(self.user)


def people(*, at: datetime, tokens_at: datetime | None = None) -> dict[str, Account]:
    """Everybody of PEOPLE with an address, groups and an API token (issued later, so that it still holds today); by handle."""
    return {person.handle: _move_in(person, at, tokens_at or at) for person in PEOPLE}


def _move_in(person: Person, at: datetime, tokens_at: datetime) -> Account:
    user = users.register(
        email=person.email,
        password=PASSWORD,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        verified=True,
        is_staff=bool(person.groups),
        is_superuser="admins" in person.groups,
        at=at,
    )
    if person.address:
        addresses.add(user=user, data=addresses.address_data(**person.address), at=at)
    user.groups.set(Group.objects.filter(name__in=person.groups))
    _row, secret = tokens.issue(user=user, name="Demo", scopes=EVERY_SCOPE, expires_at=tokens_at + timedelta(days=365), at=tokens_at)
    return Account(person, user, secret)


def shops(accounts: dict[str, Account], *, at: datetime) -> dict[str, Vendor]:
    """Every shop of SHOPS in draft, with its profile, policy and staff; by our own short name. `open_doors` activates them."""
    return {shop.slug: _furnish(shop, accounts, at) for shop in SHOPS}


def _furnish(shop: Shop, accounts: dict[str, Account], at: datetime) -> Vendor:
    owner = accounts[shop.owner]
    vendor = vendors.open(owner=owner.user, kind=shop.kind, name=shop.name, country=shop.country, currency=shop.currency, actor=owner.actor, at=at)
    details = {"about": shop.about, "place": shop.place, "time_zone": shop.time_zone}
    if shop.legal_name:
        details |= {"legal_name": shop.legal_name, "registration_number": shop.registration}
    address = {"address": addresses.address_data(**shop.address).as_json()} if shop.address else {}
    vendor = vendors.change(vendor=vendor, actor=owner.actor, at=at, **details, **address)
    policies.change(
        vendor=vendor,
        handling_days=shop.handling_days,
        returns_days=shop.returns_days,
        returns_paid_by="buyer",
        tax_bp=TAX_BP[shop.country] if shop.kind == "business" else 0,
        actor=owner.actor,
        at=at,
    )
    for handle, role in shop.staff:
        invitation = members.invite(vendor=vendor, email=accounts[handle].person.email, role=role, by=owner.user, actor=owner.actor, at=at)
        members.accept(token=members.token_of(invitation), user=accounts[handle].user, actor=accounts[handle].actor, at=at)
    return vendor


def open_doors(shop: Vendor, owner: Account, *, at: datetime) -> Vendor:
    """Activate the shop, once its checklist is done."""
    return vendors.activate(vendor=shop, actor=owner.actor, at=at)
