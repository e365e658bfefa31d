"""How much of a line's money belongs to how many of its things. Imports no Django."""

from __future__ import annotations

from collections.abc import Mapping

from core.money import cumulative_share, largest_remainder


def of_quantity(*, gross_minor: int, quantity: int, gone: int, taken: int) -> int:
    """What belongs to `taken` more of `quantity` after `gone` came back: any steps in any order sum to all of it."""
    return cumulative_share(gross_minor, gone + taken, quantity) - cumulative_share(gross_minor, gone, quantity)


def after_deduction(amounts: Mapping[str, int], deduction_minor: int) -> dict[str, int]:
    """What is left for each line when a deduction is taken from all of them in proportion."""
    cuts = largest_remainder(deduction_minor, list(amounts.values())) if deduction_minor else [0] * len(amounts)
    return {line: minor - cut for (line, minor), cut in zip(amounts.items(), cuts, strict=True)}
