"""Where a shipping method goes: a list of country codes, or '*' for everywhere."""

from collections.abc import Iterable

from django_countries import countries

EVERYWHERE = "*"


def covers(zones: Iterable[str], country: str) -> bool:
    wanted = country.upper()
    return any(zone in (EVERYWHERE, wanted) for zone in zones)


def is_zone(code: str) -> bool:
    return code == EVERYWHERE or code in countries
