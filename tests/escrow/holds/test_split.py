"""Cuts in any order return every source exactly."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escrow.holds import split
from escrow.holds.split import Left, Piece


def left_of(cash: int, coupon: int, points: int, commission: int, tax: int) -> Left:
    return Left(cash + coupon + points, commission + tax, cash, coupon, points, commission, tax)


def after(left: Left, piece: Piece) -> Left:
    return Left(
        left.gross_minor, left.fee_minor,
        left.cash_minor - piece.cash_minor, left.coupon_minor - piece.coupon_minor, left.points_minor - piece.points_minor,
        left.commission_minor - piece.commission_minor, left.tax_minor - piece.tax_minor,
    )  # fmt: skip


@st.composite
def parts(draw: st.DrawFn) -> Left:
    cash, coupon, points = (draw(st.integers(0, 10**6)) for _ in range(3))
    fee = draw(st.integers(0, max(cash + coupon + points, 1)))
    commission = draw(st.integers(0, fee))
    whole = max(cash + coupon + points, fee, 1)
    return left_of(whole - coupon - points, coupon, points, commission, fee - commission)


@given(parts(), st.lists(st.integers(1, 10**6), max_size=12))
def test_cuts_in_any_order_end_at_zero(left: Left, sizes: list[int]) -> None:
    whole, start = Piece(), left
    for wanted in [*sizes, 10**9]:
        size = min(wanted, left.amount_minor)
        piece = split.cut(left, size)
        assert piece.amount_minor == size
        assert min(piece.cash_minor, piece.coupon_minor, piece.points_minor, piece.commission_minor, piece.tax_minor, piece.net_minor) >= 0
        whole += piece
        left = after(left, piece)
    assert left == Left(start.gross_minor, start.fee_minor, 0, 0, 0, 0, 0)
    assert (whole.cash_minor, whole.coupon_minor, whole.points_minor) == (start.cash_minor, start.coupon_minor, start.points_minor)
    assert whole.commission_minor + whole.tax_minor == start.fee_minor


def test_a_thousand_random_refunds_sum_exactly() -> None:
    chance = random.Random(7)
    for _ in range(10):
        left = left_of(chance.randrange(1000, 9000), chance.randrange(500), chance.randrange(500), chance.randrange(300), chance.randrange(60))
        whole, start = Piece(), left
        for _ in range(1000):
            size = min(chance.randrange(1, 12), left.amount_minor)
            if not size:
                break
            piece = split.cut(left, size)
            whole, left = whole + piece, after(left, piece)
        if left.amount_minor:
            whole += split.cut(left, left.amount_minor)
        assert (whole.cash_minor, whole.coupon_minor, whole.points_minor) == (start.cash_minor, start.coupon_minor, start.points_minor)
        assert (whole.commission_minor, whole.tax_minor) == (start.commission_minor, start.tax_minor)


def test_cut_of_one_cent_is_never_eaten_by_two_roundings() -> None:
    left = left_of(100, 0, 0, 10, 2)
    for _ in range(100):
        piece = split.cut(left, 1)
        assert piece.net_minor >= 0
        left = after(left, piece)


@pytest.mark.parametrize("amount", [-1, 101])
def test_cut_refuses_what_is_not_left(amount: int) -> None:
    with pytest.raises(split.TooMuch):
        split.cut(left_of(100, 0, 0, 10, 2), amount)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.data())
def test_spread_never_takes_more_than_is_left(left: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(left)))
    shares = split.spread(amount, left)
    assert sum(shares) == amount
    assert all(0 <= share <= there for share, there in zip(shares, left, strict=True))
