"""How an amount is shared, in exact fractions and as the design says it. Knows nothing of the code that it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple


class Slice(NamedTuple):
    """A piece of a part: whose money it is, and the fee that belongs to it."""

    cash: int = 0
    coupon: int = 0
    points: int = 0
    commission: int = 0
    tax: int = 0

    @property
    def amount(self) -> int:
        return self.cash + self.coupon + self.points

    @property
    def fee(self) -> int:
        return self.commission + self.tax

    @property
    def net(self) -> int:
        return self.amount - self.fee

    def plus(self, other: Slice) -> Slice:
        return Slice(*(one + more for one, more in zip(self, other, strict=True)))

    def minus(self, other: Slice) -> Slice:
        return Slice(*(one - less for one, less in zip(self, other, strict=True)))


def whole(slices: Sequence[Slice]) -> Slice:
    return Slice(*(sum(column) for column in zip(*slices, strict=True))) if slices else Slice()


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """In proportion; what rounding leaves goes to the largest remainders, the earlier first."""
    if not total:
        return [0] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    got = [floor(share) for share in exact]
    for place in sorted(range(len(exact)), key=lambda place: (got[place] - exact[place], place))[: total - sum(got)]:
        got[place] += 1
    return got


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


class Part:
    """One line of a trade: what is undecided of it, and what its seller has of it."""

    def __init__(self, line: str, agreed: Slice) -> None:
        self.line, self.agreed, self.left, self.paid = line, agreed, agreed, Slice()

    def cut(self, amount: int) -> Slice:
        """Of what is left: each source in proportion, the fee by what the part has come to, so that all cuts together take it exactly."""
        before, gross = self.agreed.amount - self.left.amount, self.agreed.amount
        fee = half_up(Fraction(self.agreed.fee * (before + amount), gross)) - half_up(Fraction(self.agreed.fee * before, gross))
        return Slice(*shares(amount, self.left[:3]), *shares(fee, self.left[3:]))

    def cut_cash(self, cash: int) -> Slice:
        """Of what is left: so much cash, and what coupons and points had added to it, rounded down until the last."""
        coupon, points = _beside(self.left, cash)
        amount = cash + coupon + points
        before, gross = self.agreed.amount - self.left.amount, self.agreed.amount
        fee = half_up(Fraction(self.agreed.fee * (before + amount), gross)) - half_up(Fraction(self.agreed.fee * before, gross))
        return Slice(cash, coupon, points, *shares(fee, self.left[3:]))

    def cut_paid(self, amount: int) -> Slice:
        """Of what the seller has: each source in proportion, the fee rounded down until the last."""
        sources = shares(amount, self.paid[:3])
        return Slice(*sources, *self._fee_of_paid(amount))

    def cut_paid_cash(self, cash: int) -> Slice:
        coupon, points = _beside(self.paid, cash)
        return Slice(cash, coupon, points, *self._fee_of_paid(cash + coupon + points))

    def _fee_of_paid(self, amount: int) -> list[int]:
        fee = self.paid.fee if amount == self.paid.amount else self.paid.fee * amount // self.paid.amount
        return shares(fee, self.paid[3:])

    def refund(self, piece: Slice) -> None:
        self.left = self.left.minus(piece)

    def release(self, piece: Slice) -> None:
        self.left, self.paid = self.left.minus(piece), self.paid.plus(piece)

    def give_back(self, piece: Slice) -> None:
        self.paid = self.paid.minus(piece)

    @property
    def cash_out(self) -> int:
        """The buyer's cash that is still with us or with the seller."""
        return self.left.cash + self.paid.cash


def _beside(there: Slice, cash: int) -> tuple[int, int]:
    if cash == there.cash:
        return there.coupon, there.points
    return there.coupon * cash // there.cash, there.points * cash // there.cash
