"""What one hand-over costs: flat, plus something per further item, free from a goods total on. Pure arithmetic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliveryRate:
    base_minor: int = 0
    each_more_minor: int = 0
    free_from_minor: int | None = None
    tax_bp: int = 0


def delivery_price(*, rate: DeliveryRate, goods_minor: int, items: int) -> int:
    """Everything from one seller travels together: the first item pays the base, each further one its addition."""
    if items == 0 or (rate.free_from_minor is not None and goods_minor >= rate.free_from_minor):
        return 0
    return rate.base_minor + rate.each_more_minor * (items - 1)
