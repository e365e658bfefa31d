"""Parties come into being with the person, guest or vendor that they stand for, and are never deleted."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.parties.models import Party, PartyKind
from core import rows
from core.errors import Invalid

PLATFORM_KEY = "000000000000"


def of_new_user(*, label: str, at: datetime) -> Party:
    """The party of a person who has just signed up."""
    return Party.objects.create(kind=PartyKind.USER, label=label, created_at=at)


def of_new_vendor(*, label: str, at: datetime) -> Party:
    """The party of a vendor that has just been opened."""
    return Party.objects.create(kind=PartyKind.VENDOR, label=label, created_at=at)


def of_guest(*, email: str, at: datetime) -> Party:
    """The one party of this e-mail address; a twin that came first is reused."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise Invalid("email", _("Write an e-mail address like name@example.com.")) from wrong
    party = Party(kind=PartyKind.GUEST, email=address, label=address, created_at=at)
    return party if rows.insert_once(party) else Party.objects.get(kind=PartyKind.GUEST, email=address)


def platform(*, at: datetime) -> Party:
    """Souk itself: always the same key. Whoever asks first makes the row."""
    with transaction.atomic():
        party, _made = Party.objects.get_or_create(
            kind=PartyKind.PLATFORM,
            defaults={"key": PLATFORM_KEY, "label": "Souk", "created_at": at},
        )
    return party
