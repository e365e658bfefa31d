"""What the buyer typed, made tidy: contact, address, and one choice of delivery per seller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.addresses import operations as addresses
from core.errors import Invalid

ADDRESS_FIELDS = ("name", "street", "district", "city", "region", "postcode", "country", "phone")
LONGEST = 250


@dataclass(frozen=True, slots=True)
class Details:
    """As typed; `address` may be incomplete until it is needed."""

    email: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    plans: tuple[str, ...] = ()  # the sellers who are paid in parts, as they offer it
    method: str = ""  # the way to pay; '' is chosen on the bank's page

    @property
    def country(self) -> str:
        return str(self.address.get("country", "")).upper()[:2]

    @property
    def name(self) -> str:
        return str(self.address.get("name", ""))

    @property
    def phone(self) -> str:
        return str(self.address.get("phone", ""))

    def in_country(self, code: str) -> Details:
        """The same, going to this country."""
        return replace(self, address={**self.address, "country": code})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of_json(kept: Mapping[str, Any]) -> Details:
    return Details(
        email=str(kept.get("email", "")),
        address=dict(kept.get("address", {})),
        choices=dict(kept.get("choices", {})),
        plans=tuple(kept.get("plans", ())),
        method=str(kept.get("method", "")),
    )


def tidy(*, email: str, address: Mapping[str, str], choices: Mapping[str, str], plans: Iterable[str] = (), method: str = "") -> Details:
    """Only known fields, only text, nothing endless; right or wrong is decided when the order is placed."""
    return Details(
        email=email.strip()[:LONGEST],
        address={name: str(address.get(name, "")).strip()[:LONGEST] for name in ADDRESS_FIELDS},
        plans=tuple(sorted({str(vendor)[:12] for vendor in list(plans)[:100]})),
        method=method.strip()[:30],
        choices={str(vendor)[:12]: str(choice)[:40] for vendor, choice in list(choices.items())[:100]},
    )


def checked_email(details: Details) -> str:
    try:
        validate_email(details.email)
    except ValidationError as wrong:
        raise Invalid("email", _("Write an e-mail address like name@example.com.")) from wrong
    return details.email


def checked_address(details: Details) -> dict[str, str]:
    """A deliverable address; AddressInvalid names every field that is wrong."""
    return addresses.address_data(**{name: str(details.address.get(name, "")) for name in ADDRESS_FIELDS}).as_json()


def checked_name(details: Details) -> str:
    if not details.name:
        raise Invalid("name", _("Write your name, so that the seller knows whom to expect."))
    return details.name[:120]
