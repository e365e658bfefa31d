"""What a seller says once for the whole table: the currency, and what new listings have where their row says nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

PRICES = ("guess", "whole", "cents")


@dataclass(frozen=True)
class Terms:
    """`prices`: how whole numbers in the price column are meant. `stock` counts for new listings only: what is there was counted already."""

    currency: str
    category: str = ""
    stock: int | None = None
    condition: str = "new"
    language: str = "en"
    delivery: Sequence[str] = ("parcel",)
    prices: str = "guess"
    publish: bool = True

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "delivery": list(self.delivery)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Terms:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})
