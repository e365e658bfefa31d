import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import AmountMalformed, CurrencyMismatch, Money, cumulative_share, largest_remainder, parse


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.5", "EUR", 1250), ("900", "JPY", 900), ("0.125", "KWD", 125), ("-3.00", "USD", -300), (" 7. ", "EUR", 700), ("1.500", "EUR", 150)],
)
def test_parse_reads_amounts(text: str, currency: str, minor: int) -> None:
    assert parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "1e3", "NaN", "1,50", "1.005", "١٢", "--1", "9" * 20, "0x10", "1 000", "+4"])
def test_parse_refuses_everything_else(text: str) -> None:
    with pytest.raises(AmountMalformed):
        parse(text, "EUR")


def test_money_refuses_floats_and_other_currencies() -> None:
    with pytest.raises(TypeError):
        Money(1.5, "EUR")  # type: ignore[arg-type]
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1, "EUR") * 0.5  # type: ignore[operator]


@given(st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_plain_and_parse_are_inverse(minor: int, currency: str) -> None:
    assert parse(Money(minor, currency).plain(), currency) == Money(minor, currency)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_largest_remainder_loses_nothing(total: int, weights: list[int]) -> None:
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    if whole:
        assert all(abs(share - total * weight / whole) < 1 for share, weight in zip(shares, weights, strict=True))


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**5), min_size=1, max_size=30))
def test_cumulative_share_ends_at_the_total_in_any_steps(total: int, steps: list[int]) -> None:
    whole, done, given_out = sum(steps), 0, 0
    for step in steps:
        part = cumulative_share(total, done + step, whole) - cumulative_share(total, done, whole)
        assert part >= 0
        done, given_out = done + step, given_out + part
    assert given_out == total
