"""Where a shipping method goes: a list of country codes, or '*' for everywhere."""

from collections.abc import Iterable

EVERYWHERE = "*"


def covers(zones: Iterable[str], country: str) -> bool:
    wanted = country.upper()
    return any(zone in (EVERYWHERE, wanted) for zone in zones)


def is_zone(code: str) -> bool:
    return code == EVERYWHERE or (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper())
