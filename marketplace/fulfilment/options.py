"""What a buyer can choose at checkout: one frozen value per way of handing over, whatever its kind."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.fulfilment.rates import DeliveryRate, delivery_price


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    code: str  # "parcel:<method>" or "pickup:<place>"
    kind: str
    name: str
    rate: DeliveryRate
    earliest: date | None = None
    latest: date | None = None
    hint: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # kept by the order

    @property
    def needs_address(self) -> bool:
        return self.kind == "parcel"

    def price_minor(self, *, goods_minor: int, items: int) -> int:
        return delivery_price(rate=self.rate, goods_minor=goods_minor, items=items)

    def snapshot(self) -> dict[str, Any]:
        days = {"earliest": self.earliest, "latest": self.latest}
        return {
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            **{name: day.isoformat() for name, day in days.items() if day},
            **self.facts,
        }
