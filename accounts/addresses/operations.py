"""Keep an address book: add, change, remove, choose the default."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.addresses import rules
from accounts.addresses.models import Address
from accounts.addresses.rules import AddressData
from accounts.users.models import User
from core.errors import Invalid, Kind, NotHere, Refusal

MOST = 50

REQUIRED: dict[str, Promise] = {
    "name": _("Write the name of the person who receives the parcel."),
    "street": _("Write the street and the house number."),
    "district": _("Write the district."),
    "city": _("Write the town or city."),
    "region": _("Choose the state, province or region."),
    "postcode": _("Write the postcode."),
    "country": _("Choose the country."),
}
INVALID: dict[str, Promise] = {
    "region": _("Choose a region of this country."),
    "postcode": _("This postcode does not fit the country and region. Example: {example}"),
    "country": _("Choose a country from the list."),
    "phone": _("Write a phone number with its country code, like +49 30 1234567."),
}
TOO_LONG = _("Use at most {limit} characters.")
NOT_TEXT = _("Use letters, digits and ordinary signs only.")


class AddressInvalid(Invalid):
    """Everything that is wrong with an address at once: `fields` maps each field to its sentence, the first one is the headline."""

    code = "address_invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        first = next(iter(fields))
        super().__init__(first, fields[first])


class AddressBookFull(Refusal):
    """A limit against floods."""

    code = "address_book_full"
    kind = Kind.CONFLICT
    sentence = _("You can keep {most} addresses. Remove one that you no longer use.")


def address_data(
    *,
    name: str = "",
    street: str = "",
    district: str = "",
    city: str = "",
    region: str = "",
    postcode: str = "",
    country: str = "",
    phone: str = "",
) -> AddressData:
    """Tidy and check an address by the rules of its country; AddressInvalid names every wrong field."""
    given = AddressData(name=name, street=street, district=district, city=city, region=region, postcode=postcode, country=country, phone=phone)
    data, wrong = rules.check(given)
    if wrong:
        raise AddressInvalid({field: _sentence(field, wrong[field], data) for field in asdict(data) if field in wrong})
    return data


def _sentence(field: str, reason: str, data: AddressData) -> str:
    if reason == "too_long":
        return str(TOO_LONG).format(limit=rules.LIMITS[field])
    if reason == "not_text":
        return str(NOT_TEXT)
    words = REQUIRED if reason == "required" else INVALID
    example = rules.of(data.country).postcode_example if field == "postcode" else ""
    return str(words.get(field, _("This does not fit the country."))).format(example=example)


@transaction.atomic
def add(*, user: User, data: AddressData, at: datetime, is_default: bool = False) -> Address:
    """Add a checked address; the first one becomes the default."""
    _lock_book(user)
    held = Address.objects.filter(user=user)
    count = held.count()
    if count >= MOST:
        raise AddressBookFull(most=MOST)
    first_or_chosen = is_default or count == 0
    if first_or_chosen:
        held.filter(is_default=True).update(is_default=False)
    return Address.objects.create(user=user, is_default=first_or_chosen, created_at=at, **asdict(data))


@transaction.atomic
def change(*, user: User, reference: str, data: AddressData, is_default: bool = False) -> Address:
    """Replace the words of one of my addresses. Orders keep the words that they were placed with."""
    _lock_book(user)
    address = _mine(user, reference)
    for field, value in asdict(data).items():
        setattr(address, field, value)
    address.save(update_fields=list(asdict(data)))
    return set_default(user=user, reference=reference) if is_default else address


@transaction.atomic
def remove(*, user: User, reference: str) -> None:
    """Remove one of my addresses; the newest of the rest becomes the default if that one was."""
    _lock_book(user)
    address = _mine(user, reference)
    address.delete()
    if address.is_default:
        newest = Address.objects.filter(user=user).order_by("-id").first()
        if newest:
            Address.objects.filter(pk=newest.pk).update(is_default=True)


@transaction.atomic
def set_default(*, user: User, reference: str) -> Address:
    """Use this address first."""
    _lock_book(user)
    address = _mine(user, reference)
    Address.objects.filter(user=user, is_default=True).exclude(pk=address.pk).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    return address


def _lock_book(user: User) -> None:
    """One writer per address book, so that the default stays one."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _mine(user: User, reference: str) -> Address:
    try:
        return Address.objects.get(user=user, reference=reference)
    except ObjectDoesNotExist as absent:
        raise NotHere from absent
