"""A sheet of paper: a title, facts, parties, a table over as many pages as it needs, totals. Knows no business word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on it, in words that are ready to read. `numeric`: the places of the columns that are set to the right."""

    title: str
    facts: Sequence[tuple[str, str]]
    parties: Sequence[tuple[str, Sequence[str]]] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[float] = ()  # shares of the line
    numeric: frozenset[int] = field(default_factory=frozenset)
    totals: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    page_words: str = "{page}"
