"""What the index knows of one listing: public facts only, already priced. Pure."""

from __future__ import annotations

from dataclasses import dataclass

CURRENCY_BITS = 5
PRICE_BITS = 38
TIE_BITS = 20


@dataclass(frozen=True, slots=True)
class ListingDocument:
    """`categories` runs from the root to the leaf; `attributes` are (code, value) pairs a visitor may filter by."""

    key: int
    reference: str
    title: str
    description: str
    details: str
    categories: tuple[str, ...]
    condition: str
    hand_overs: tuple[str, ...]
    shop: str
    currency: str
    price_minor: int
    published_seconds: int
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def attribute_tokens(self) -> tuple[str, ...]:
        return tuple(attribute_token(code, value) for code, value in self.attributes)

    @property
    def newness(self) -> int:
        """One number to sort by: seconds first, then the key, so that no two are equal and pages never repeat a listing."""
        return (max(self.published_seconds, 0) << TIE_BITS) | (self.key & ((1 << TIE_BITS) - 1))

    @property
    def cheapness(self) -> int:
        """Currency first (amounts of different currencies are not comparable), then amount, then the key."""
        price = min(max(self.price_minor, 0), (1 << PRICE_BITS) - 1)
        return (currency_rank(self.currency) << (PRICE_BITS + TIE_BITS)) | (price << TIE_BITS) | (self.key & ((1 << TIE_BITS) - 1))


def attribute_token(code: str, value: str) -> str:
    return f"{code}={value}"


def currency_rank(currency: str) -> int:
    """A stable five-bit number of a currency: its own code spread over 32 places is enough to keep a market's few apart."""
    return sum((ord(letter) - 64) * weight for letter, weight in zip(currency.upper()[:3], (1, 7, 11), strict=False)) % (1 << CURRENCY_BITS)
