"""How one thing for sale is written down."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One variant: its options, how many there are, and its own price when it differs (minor units)."""

    options: dict[str, str]
    stock: int
    price: int | None = None


@dataclass(frozen=True)
class Thing:
    """A listing of the demo market.

    `price` in minor units of the shop's currency; `picture` is (kind, look) of the picture generator; `photos` how many views;
    `breaks` are (from quantity, unit price); `special` is (price, days it still runs).
    """

    category: str
    shop: str
    title: str
    words: str
    price: int
    condition: str
    picture: tuple[str, int]
    asks: dict[str, str | int | bool] = field(default_factory=dict)
    stock: int = 1
    photos: int = 2
    choices: tuple[Choice, ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()
    minimum: int = 1
    special: tuple[int, int] | None = None
    language: str = "en"
    hand_overs: tuple[str, ...] = ("parcel",)
