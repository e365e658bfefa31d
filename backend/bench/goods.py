"""What stands on the bench's shelves: a real catalogue where there is one, else one made up of a few hundred words."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.env import ROOT

CATALOGUE = ROOT.parent / "shared" / "data" / "catalogue" / "icecat.csv.gz"
KINDS = ("lamp", "camera", "keyboard", "monitor", "cable", "printer", "chair", "desk", "guitar", "watch", "kettle", "drill", "lens", "router")
MANNERS = ("compact", "folding", "wireless", "brass", "vintage", "refurbished", "silent", "heavy", "portable", "studio", "travel", "modern")
MAKERS = ("Aurel", "Brandt", "Cassio", "Dorn", "Elmar", "Fenwick", "Gallo", "Hirsch", "Ilva", "Jarn", "Kessel", "Lund", "Marek", "Norra")
DETAILS = ("with case", "tested and cleaned", "original packing", "new old stock", "spare parts included", "long cord")


@dataclass(frozen=True, slots=True)
class Good:
    sku: str
    title: str
    brand: str
    description: str
    price_minor: int


def catalogue(file: Path | None, *, most: int) -> Iterator[Good]:
    """The first `most` goods of a catalogue file, or as many made-up ones."""
    yield from _read(file, most) if file else _made_up(most)


def _read(file: Path, most: int) -> Iterator[Good]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as lines:
        for place, row in enumerate(csv.DictReader(lines)):
            if place == most:
                return
            yield Good(row["sku"][:60], row["title"][:120], row["brand"][:120], row["description"][:8000], max(int(row["price"]), 1))


def _made_up(most: int) -> Iterator[Good]:
    draw = random.Random(7)  # noqa: S311  # the same shelf every time
    for number in range(most):
        maker, manner, kind = draw.choice(MAKERS), draw.choice(MANNERS), draw.choice(KINDS)
        model = f"{maker[0]}{draw.randint(10, 999)}"
        words = ", ".join(draw.choices((*MANNERS, *KINDS, *DETAILS), k=30))
        yield Good(f"B{number:06}", f"{maker} {model} {manner} {kind}", maker, f"{manner} {kind} {words}", draw.randint(200, 250_000))
