"""What many prices become under one rule. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["set", "percent", "amount"]
KINDS: tuple[Kind, ...] = ("set", "percent", "amount")
ENDINGS = ("exact", "whole", "90", "95", "99")
"""How a new price ends: as it comes, without cents, or with the nearest .90, .95 or .99."""
STEEPEST_BP = 90_000


@dataclass(frozen=True)
class Rule:
    """`value`: minor units for "set" and "amount", hundredths of a percent for "percent" (−1000 is ten percent less)."""

    kind: Kind
    value: int
    ending: str = "exact"


def new_price(minor: int, rule: Rule, exponent: int) -> int:
    """The price after the rule, rounded half up; it may come out below 1, which is for the caller to refuse."""
    if rule.kind == "set":
        return rule.value
    raw = minor + rule.value if rule.kind == "amount" else _of_percent(minor, rule.value)
    return _ending(raw, rule.ending, exponent)


def _of_percent(minor: int, basis_points: int) -> int:
    return (minor * (10_000 + basis_points) * 2 + 10_000) // 20_000


def _ending(minor: int, ending: str, exponent: int) -> int:
    """The nearest price with this ending, the higher one when two are as near; a currency without cents has nothing to end with."""
    if ending == "exact" or exponent == 0:
        return minor
    whole: int = 10**exponent
    tail = 0 if ending == "whole" else int(ending) * whole // 100
    below = (minor - tail) // whole * whole + tail
    nearest = below if minor - below < below + whole - minor else below + whole
    return nearest if nearest >= 1 or minor < 1 else below + whole
