"""What a sale format tells the catalogue, so that the catalogue need not know how a price is made.

The formats stand above the catalogue on the staircase; `marketplace.apps` introduces each of them here by its code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from core.money import Money

if TYPE_CHECKING:
    from marketplace.catalog.listings.content import Problem
    from marketplace.catalog.listings.models import Listing


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing as far as a price must know it: its key, what its shop counts in, and since when buyers see it."""

    key: int
    currency: str
    since: datetime | None


@dataclass(frozen=True)
class Asking:
    """What a card says about money: the lowest price asked now, and the honest price before a reduction."""

    price: Money
    was: Money | None
    varies: bool
    min_quantity: int = 1


@dataclass(frozen=True)
class QuantityPrice:
    min_quantity: int
    unit: Money


@dataclass(frozen=True)
class VariantTerms:
    """What one variant costs at each quantity, now. `ordinary` is the price without a special."""

    price: Money
    ordinary: Money
    was: Money | None
    min_quantity: int
    breaks: tuple[QuantityPrice, ...]
    special_until: datetime | None


class SaleFormat(Protocol):
    code: str

    def problems(self, listing: Listing) -> list[Problem]:
        """What is still missing before the listing may be shown."""

    def terms_kept(self, listings: Sequence[Listing]) -> dict[int, dict[str, Any]]:
        """Listing id → the terms as a version remembers them: plain JSON, by variant reference; a constant number of queries."""

    def asking(self, listings: Sequence[Shown], at: datetime) -> dict[int, Asking]:
        """Listing id → what its card says; a constant number of queries. One that nobody has priced is left out."""

    def in_full(self, listing: Shown, at: datetime) -> tuple[Asking | None, dict[int, VariantTerms]]:
        """What its card says, and variant id → what the listing's page says."""


_FORMATS: dict[str, SaleFormat] = {}


def introduce(sale_format: SaleFormat) -> None:
    _FORMATS[sale_format.code] = sale_format


def of(code: str) -> SaleFormat:
    return _FORMATS[code]


def known() -> list[str]:
    return sorted(_FORMATS)
