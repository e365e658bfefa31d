"""The arithmetic of prices, against brute force."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.sale_formats.fixed_price.pricing import Break, PricePoint, PriceTable, Special, honest_was, lowest_before, price_at

START = datetime(2026, 1, 1, tzinfo=UTC)
hours = st.integers(0, 24 * 120).map(lambda count: START + timedelta(hours=count))
prices = st.integers(1, 10_000)


@st.composite
def specials(draw, below=10_000):
    begin = draw(hours)
    length = draw(st.none() | st.integers(1, 24 * 60))
    return Special(draw(st.integers(1, below)), begin, begin + timedelta(hours=length) if length else None)


@st.composite
def tables(draw):
    price = draw(st.integers(20, 10_000))
    quantities = sorted(draw(st.sets(st.integers(2, 500), max_size=6)))
    steps = sorted(draw(st.sets(st.integers(1, price - 1), min_size=len(quantities), max_size=len(quantities))), reverse=True)
    breaks = tuple(Break(quantity, step) for quantity, step in zip(quantities, steps, strict=True))
    return PriceTable(price, 1, draw(st.none() | specials(below=price - 1)), breaks)


@given(tables(), st.integers(1, 600), st.integers(0, 600), hours)
def test_price_never_rises_with_quantity(table, quantity, more, at):
    assert price_at(table, quantity + more, at).unit_minor <= price_at(table, quantity, at).unit_minor


@given(tables(), st.integers(1, 600), hours)
def test_price_is_the_best_of_all_that_apply(table, quantity, at):
    found = price_at(table, quantity, at)
    running = [table.special.price_minor] if table.special and table.special.holds(at) else []
    reached = [step.price_minor for step in table.breaks if quantity >= step.min_quantity]
    assert found.unit_minor == min([table.price_minor, *running, *reached])
    assert found.list_minor == table.price_minor
    assert (found.reason == "price") == (found.unit_minor == table.price_minor)


def test_special_begins_at_its_first_moment_and_ends_before_its_last():
    table = PriceTable(100, special=Special(80, START, START + timedelta(days=1)))
    moments = [START - timedelta(microseconds=1), START, START + timedelta(days=1, microseconds=-1), START + timedelta(days=1)]
    assert [price_at(table, 1, at).unit_minor for at in moments] == [100, 80, 80, 100]


@given(st.lists(st.tuples(hours, prices, st.none() | specials()), max_size=6), hours, hours)
def test_lowest_before_equals_asking_every_hour(raw, reduction, shown_since):
    points = [PricePoint(at, price, special) for at, price, special in sorted(raw, key=lambda row: row[0])]
    asked = []
    moment = max(reduction - timedelta(days=30), shown_since)
    while moment < reduction:
        valid = [point for point in points if point.at <= moment]
        if valid:
            last = valid[-1]
            asked.append(price_at(PriceTable(last.price_minor, special=last.special), 1, moment).unit_minor)
        moment += timedelta(hours=1)
    assert lowest_before(points, reduction, shown_since=shown_since) == min(asked, default=None)


def test_no_price_is_struck_when_it_was_raised_just_before():
    """100 for months, raised to 150 for a day, then "reduced" to 110: nothing may be struck, 110 is above the lowest."""
    special = Special(110, START + timedelta(days=101))
    points = [PricePoint(START, 100), PricePoint(START + timedelta(days=100), 150), PricePoint(START + timedelta(days=101), 150, special)]
    at = START + timedelta(days=102)
    assert honest_was(PriceTable(150, special=special), points, at, shown_since=START) is None


def test_honest_reduction_strikes_the_lowest_of_thirty_days():
    special = Special(80, START + timedelta(days=60))
    points = [PricePoint(START, 100), PricePoint(START + timedelta(days=50), 120), PricePoint(START + timedelta(days=60), 120, special)]
    at = START + timedelta(days=61)
    assert honest_was(PriceTable(120, special=special), points, at, shown_since=START) == 100


def test_new_listing_strikes_nothing():
    special = Special(80, START)
    points = [PricePoint(START, 100, special)]
    assert honest_was(PriceTable(100, special=special), points, START + timedelta(hours=1), shown_since=START) is None


def test_special_cannot_begin_before_it_was_written():
    """A beginning in the past would hide the prices that were really asked until now."""
    written = START + timedelta(days=20)
    special = Special(80, START - timedelta(days=40))
    points = [PricePoint(START, 90), PricePoint(START + timedelta(days=10), 120), PricePoint(written, 120, special)]
    assert honest_was(PriceTable(120, special=special), points, written + timedelta(days=1), shown_since=START) == 90
