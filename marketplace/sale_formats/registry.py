"""Which code means which format. A new format is a new package and a line here."""

from __future__ import annotations

from marketplace.catalog.listings import terms
from marketplace.sale_formats.base import SaleFormat
from marketplace.sale_formats.fixed_price.queries import FixedPrice

FORMATS: dict[str, SaleFormat] = {sale_format.code: sale_format for sale_format in (FixedPrice(),)}


def get(code: str) -> SaleFormat:
    return FORMATS[code]


def introduce_all() -> None:
    """The catalogue stands below and may not import us: at start-up each format introduces itself there."""
    for sale_format in FORMATS.values():
        terms.introduce(sale_format)
