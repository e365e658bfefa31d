"""What similar things sell for."""

import pytest

from marketplace.analytics import comparables
from marketplace.analytics.comparables import Band, Sold

LAMPS = [Sold(f"Desk lamp {name}", price, "good") for name, price in (("red", 30), ("blue", 40), ("green", 50), ("old", 60))]
SOFAS = [Sold("Sofa", 900, "new"), Sold("Large sofa", 1200, "new"), Sold("Sofa bed", 700, "new")]


@pytest.mark.parametrize(
    ("prices", "found"),
    [([1, 2], None), ([50, 30, 40], Band(30, 40, 50, 3)), ([10, 20, 30, 40, 50], Band(20, 30, 40, 5)), ([7] * 4, Band(7, 7, 7, 4))],
)
def test_a_band_is_the_middle_half(prices, found):
    assert comparables.band(prices) == found


def test_like_titles_count_and_with_too_few_the_whole_category():
    assert comparables.like("A desk LAMP", "", [*SOFAS, *LAMPS]) == (LAMPS, True)
    assert comparables.like("Bookshelf", "", [*SOFAS, *LAMPS]) == ([*SOFAS, *LAMPS], False)
    assert comparables.like("Bookshelf", "new", [*SOFAS, *LAMPS]) == (SOFAS, False)
    assert comparables.words_of("青花瓷杯 cup") == {*"青花瓷杯", "cup"}


def test_a_category_is_proposed_when_most_lie_there():
    assert comparables.favourite(["lighting", "lighting", "sofas"], instead_of="") == "lighting"
    assert comparables.favourite(["lighting", "lighting", "sofas"], instead_of="lighting") == ""
    assert comparables.favourite(["a", "b", "c"], instead_of="") == ""
    assert comparables.favourite([], instead_of="") == ""
    assert comparables.titles(" desk LAMP", ["Desk lamp", "Desk lamp, red", "Desk lamp, red", "B"], most=2) == ["Desk lamp, red", "B"]
