"""Bars of a chart as numbers of an SVG, drawn by the template. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 600, 160, 10


@dataclass(frozen=True)
class Bar:
    """Where a bar stands; a value above zero is always to be seen."""

    x: float
    y: float
    width: float
    height: float
    middle: float


def bars(values: Sequence[int]) -> list[Bar]:
    """One bar each, the highest as high as the picture."""
    if not values:
        return []
    step, highest = WIDTH / len(values), max(max(values), 1)
    heights = [max(HEIGHT * value / highest, 2) if value > 0 else 0 for value in values]
    return [
        Bar(round(index * step + GAP / 2, 1), round(HEIGHT - height, 1), round(step - GAP, 1), round(height, 1), round((index + 0.5) * step, 1))
        for index, height in enumerate(heights)
    ]
