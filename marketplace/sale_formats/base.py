"""What every sale format answers, whatever its way to a price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from marketplace.catalog.listings import terms

if TYPE_CHECKING:
    from marketplace.catalog.listings.models import Variant


@dataclass(frozen=True)
class UnitPrice:
    """One unit's price now. `reason`: price | quantity | special; `list_minor` is the ordinary price of one; `least`: sold from so many on."""

    unit_minor: int
    list_minor: int
    reason: str
    least: int = 1


class SaleFormat(terms.SaleFormat, Protocol):
    def asking_price(self, variant: Variant, quantity: int, at: datetime) -> UnitPrice:
        """What one of `quantity` units costs; a Refusal when it cannot be bought like that."""

    def asking_prices(self, lines: list[tuple[Variant, int]], at: datetime) -> dict[int, UnitPrice]:
        """The same for many (variant id → price), in a constant number of queries; lines that cannot be priced are left out."""
