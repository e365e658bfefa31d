"""Every price under every rule, against arithmetic done with fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.assortment.repricing import Rule, new_price


@pytest.mark.parametrize(
    ("minor", "rule", "expected"),
    [
        (1000, Rule("set", 1234), 1234),
        (1000, Rule("amount", -250), 750),
        (1999, Rule("percent", -1000), 1799),
        (1995, Rule("percent", -1000), 1796),
        (1000, Rule("percent", 500, "99"), 1099),
        (1040, Rule("percent", 500, "99"), 1099),
        (1000, Rule("percent", -500, "90"), 990),
        (1040, Rule("amount", 0, "whole"), 1000),
        (1050, Rule("amount", 0, "whole"), 1100),
        (30, Rule("percent", -5000, "99"), 99),
        (100, Rule("amount", -500), -400),
    ],
)
def test_new_price(minor, rule, expected):
    assert new_price(minor, rule, 2) == expected


def test_yen_have_no_cents_to_end_with():
    assert new_price(1000, Rule("percent", 333, "99"), 0) == 1033


@given(st.integers(1, 10**10), st.integers(-9_999, 90_000))
def test_percent_is_rounded_half_up(minor, basis_points):
    exact = Fraction(minor * (10_000 + basis_points), 10_000)
    assert new_price(minor, Rule("percent", basis_points), 2) == (exact + Fraction(1, 2)).__floor__()


@given(st.integers(1, 10**9), st.sampled_from(["90", "95", "99", "whole"]))
def test_an_ending_is_the_nearest_price_that_ends_so(minor, ending):
    found = new_price(minor, Rule("amount", 1, ending), 2)
    tail = 0 if ending == "whole" else int(ending)
    assert found % 100 == tail
    assert found >= 1
    assert abs(found - (minor + 1)) <= 50 or minor + 1 < 100
