"""What may be asked of search, and what comes back. Doors and other rooms know only these words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

WORDS_LIMIT = 200
VALUES_LIMIT = 20
VALUE_LIMIT = 120
PAGE_LIMIT = 200
PER_PAGE_LIMIT = 100
PRICE_LIMIT = 2**38 - 1


class Sort(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    CHEAPEST = "price"
    DEAREST = "price-high"


def printable(text: str) -> str:
    """The text without what no database and no engine can store."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _value(text: str) -> str:
    return printable(text)[:VALUE_LIMIT]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question. `within`, `shop` and `without` belong to the page that asks; everything else is the visitor's choice."""

    words: str = ""
    within: str = ""
    shop: str = ""
    without: str = ""
    categories: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    hand_overs: tuple[str, ...] = ()
    currency: str = ""
    price_from: int | None = None
    price_until: int | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.BEST
    page: int = 1
    per_page: int = 24
    loose: bool = False

    def __post_init__(self) -> None:
        """Clip instead of refusing: an address bar may hold anything and still deserves a page."""
        clip = object.__setattr__
        clip(self, "words", printable(self.words)[:WORDS_LIMIT])
        clip(self, "page", min(max(self.page, 1), PAGE_LIMIT))
        clip(self, "per_page", min(max(self.per_page, 1), PER_PAGE_LIMIT))
        for name in ("price_from", "price_until"):
            price = getattr(self, name)
            if price is not None:
                clip(self, name, min(max(price, 0), PRICE_LIMIT))
        for name in ("within", "shop", "without", "currency"):
            clip(self, name, _value(getattr(self, name)))
        for name in ("categories", "conditions", "hand_overs"):
            clip(self, name, tuple(map(_value, getattr(self, name)[:VALUES_LIMIT])))
        attributes = list(self.attributes.items())[:VALUES_LIMIT]
        clip(self, "attributes", {_value(code): tuple(map(_value, values[:VALUES_LIMIT])) for code, values in attributes})

    @property
    def has_price(self) -> bool:
        return self.price_from is not None or self.price_until is not None

    @property
    def is_filtered(self) -> bool:
        """Whether the visitor narrowed the question beyond words and sort."""
        return bool(self.categories or self.conditions or self.hand_overs or self.currency or self.has_price or any(self.attributes.values()))

    def changed(self, **changes: object) -> SearchQuery:
        """The same question with something changed, back on its first page."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts per value as they would be if this facet alone were not narrowed."""

    key: str
    values: tuple[FacetValue, ...]

    @property
    def chosen(self) -> tuple[FacetValue, ...]:
        return tuple(value for value in self.values if value.chosen)


@dataclass(frozen=True, slots=True)
class PriceBar:
    """How many things cost at least `low` and less than `high` (None: no upper end), minor units."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of answers: references in order, and what the whole answer is made of."""

    query: SearchQuery
    references: tuple[str, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    prices: Mapping[str, tuple[PriceBar, ...]] = field(default_factory=dict)
    reduced: bool = False

    def facet(self, key: str) -> Facet:
        return next((facet for facet in self.facets if facet.key == key), Facet(key, ()))

    @property
    def pages(self) -> int:
        return min(-(-self.total // self.query.per_page), PAGE_LIMIT)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One filter less, and how much that would find."""

    dropped: str
    value: str
    query: SearchQuery
    total: int
