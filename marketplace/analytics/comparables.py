"""What things like this one sell for. Pure: the words of two titles, and a band of prices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 3  # fewer prices are anecdotes
MOST = 40
ALIKE = 0.5  # of the words of a title
_WORD = re.compile(r"[一-鿿぀-ヿ]|[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Sold:
    title: str
    unit_minor: int
    condition: str


@dataclass(frozen=True, slots=True)
class Band:
    """Half of `count` prices lie from `low` to `high`, half of them below `middle`; minor units."""

    low: int
    middle: int
    high: int
    count: int


def words_of(title: str) -> set[str]:
    """The words of a title; of Chinese and Japanese every sign."""
    return set(_WORD.findall(title.casefold()))


def likeness(title: str, other: str) -> float:
    """Which share of the words of a title is in the other; 0 without words."""
    wanted = words_of(title)
    return len(wanted & words_of(other)) / len(wanted) if wanted else 0.0


def like(title: str, condition: str, sold: Sequence[Sold]) -> tuple[list[Sold], bool]:
    """The most similar of these, most similar first, and whether they are similar at all: with too few, everything that was sold there."""
    scored = [(likeness(title, one.title), one) for one in sold]
    alike = [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= ALIKE][:MOST]
    chosen = alike if len(alike) >= FEWEST else list(sold)
    same = [one for one in chosen if one.condition == condition]
    return (same if len(same) >= FEWEST else chosen), chosen is alike


def band(prices: Iterable[int]) -> Band | None:
    """The middle half of the prices; None for too few."""
    row = sorted(prices)
    if len(row) < FEWEST:
        return None
    last = len(row) - 1
    return Band(row[last // 4], row[last // 2], row[-(-3 * last // 4)], len(row))


def titles(typed: str, found: Iterable[str], *, most: int) -> list[str]:
    """Titles to choose from, without what is typed already."""
    known = dict.fromkeys(title for title in found if title.casefold() != typed.strip().casefold())
    return list(known)[:most]


def favourite(slugs: Sequence[str], *, instead_of: str) -> str:
    """Where at least half of them lie; empty when that is where we are, or nowhere."""
    if not slugs:
        return ""
    slug, times = Counter(slugs).most_common(1)[0]
    return slug if slug != instead_of and times * 2 >= len(slugs) else ""
