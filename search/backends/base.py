"""What every engine can do. Nobody above this folder knows which one answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from search.documents import ListingDocument
from search.planner import Plan

# Edges of the price bars in minor units: a 1–2–5 series, the same for every question, so one pass counts them.
PRICE_EDGES = tuple(step * 10**power for power in range(2, 9) for step in (1, 2, 5))


class EngineUnavailable(Exception):
    """The engine cannot answer now: no index yet, a broken one, or no connection. Never shown to a visitor."""


@dataclass(frozen=True, slots=True)
class Found:
    """`counts` per facet, each counted without its own filter; `prices` per currency: bars from PRICE_EDGES."""

    references: tuple[str, ...]
    total: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    prices: Mapping[str, Sequence[int]] = field(default_factory=dict)


class SearchBackend(Protocol):
    def find(self, plan: Plan, *, facets: bool = True) -> Found: ...

    def count(self, plan: Plan) -> int: ...

    def apply(self, *, put: Sequence[ListingDocument], remove: Sequence[int]) -> None:
        """Replace these listings and forget those, visible to every reader when it returns."""
        ...

    def rebuild(self, documents: Iterable[ListingDocument], *, progress: Callable[[int], None]) -> int:
        """Build a whole new index beside the old one and swap at the end."""
        ...

    def references(self) -> frozenset[str]: ...

    def generation(self) -> str:
        """The name of the index that answers now; another one after each rebuild."""
        ...
