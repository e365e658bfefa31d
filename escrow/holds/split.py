"""How an amount is cut out of a part: whose money it was, and what share of the commission belongs to it. Imports no Django.

Cuts of any size in any order return every source exactly; the last one leaves zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.money import cumulative_share, largest_remainder


class TooMuch(ValueError):
    """More was asked for than is left."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is still undecided of one part. `gross_minor` and `fee_minor` are the whole, everything else is what remains."""

    gross_minor: int
    fee_minor: int
    cash_minor: int
    coupon_minor: int
    points_minor: int
    commission_minor: int
    tax_minor: int

    @property
    def amount_minor(self) -> int:
        """The undecided amount, from all sources."""
        return self.cash_minor + self.coupon_minor + self.points_minor


@dataclass(frozen=True, slots=True)
class Piece:
    """One cut: where its money came from, and the commission and tax that go with it."""

    cash_minor: int = 0
    coupon_minor: int = 0
    points_minor: int = 0
    commission_minor: int = 0
    tax_minor: int = 0

    @property
    def amount_minor(self) -> int:
        """The size of the cut."""
        return self.cash_minor + self.coupon_minor + self.points_minor

    @property
    def net_minor(self) -> int:
        """What a seller gets of it; never negative."""
        return self.amount_minor - self.commission_minor - self.tax_minor

    def __add__(self, other: Piece) -> Piece:
        return Piece(
            self.cash_minor + other.cash_minor,
            self.coupon_minor + other.coupon_minor,
            self.points_minor + other.points_minor,
            self.commission_minor + other.commission_minor,
            self.tax_minor + other.tax_minor,
        )


CutCash = Callable[[Left, int], Piece]


def spread(amount_minor: int, left: Sequence[int]) -> list[int]:
    """Divide an amount over what is left of several things, in proportion; no share is larger than what is left of its thing."""
    if not 0 <= amount_minor <= sum(left):
        raise TooMuch(f"{amount_minor} of {sum(left)}")
    return largest_remainder(amount_minor, left) if amount_minor else [0] * len(left)


def cut(left: Left, amount_minor: int) -> Piece:
    """Cut an amount out of a part."""
    cash, coupon, points = spread(amount_minor, [left.cash_minor, left.coupon_minor, left.points_minor])
    return _with_fee(left, cash, coupon, points)


def cut_cash(left: Left, cash_minor: int) -> Piece:
    """Cut so much cash out of a part, and what coupons and points had added to it."""
    return _with_fee(left, cash_minor, *_beside(left, cash_minor))


def cut_back(left: Left, cash_minor: int) -> Piece:
    """Cut so much cash out of what a part had already paid to its seller, and what coupons and points had added to it."""
    return _with_fee_left(left, cash_minor, *_beside(left, cash_minor))


def cut_returned(left: Left, amount_minor: int) -> Piece:
    """Cut an amount, from all sources, out of what a part had already paid to its seller."""
    cash, coupon, points = spread(amount_minor, [left.cash_minor, left.coupon_minor, left.points_minor])
    return _with_fee_left(left, cash, coupon, points)


def _with_fee_left(left: Left, cash: int, coupon: int, points: int) -> Piece:
    """The fee goes in proportion to what is left, since the whole may still grow; the last cut takes the rest."""
    amount, fees = cash + coupon + points, left.commission_minor + left.tax_minor
    fee = fees if amount == left.amount_minor else fees * amount // left.amount_minor
    return Piece(cash, coupon, points, *spread(fee, [left.commission_minor, left.tax_minor]))


def _beside(left: Left, cash_minor: int) -> tuple[int, int]:
    if not 0 <= cash_minor <= left.cash_minor:
        raise TooMuch(f"{cash_minor} of {left.cash_minor}")
    if cash_minor == left.cash_minor:
        return left.coupon_minor, left.points_minor
    return left.coupon_minor * cash_minor // left.cash_minor, left.points_minor * cash_minor // left.cash_minor


def _with_fee(left: Left, cash: int, coupon: int, points: int) -> Piece:
    """The fee goes by cumulative proportion of the whole part, commission and tax together: rounded apart they could
    exceed a cut of one cent."""
    done, amount = left.gross_minor - left.amount_minor, cash + coupon + points
    fee = cumulative_share(left.fee_minor, done + amount, left.gross_minor) - cumulative_share(left.fee_minor, done, left.gross_minor)
    commission, tax = spread(fee, [left.commission_minor, left.tax_minor])
    return Piece(cash, coupon, points, commission, tax)
