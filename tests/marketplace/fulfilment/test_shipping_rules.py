"""Zones, dates and tracking numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.fulfilment.kinds.shipping import dates, tracking, zones


def test_zones_cover_listed_countries_and_everywhere() -> None:
    assert zones.covers(["FR", "DE"], "fr")
    assert not zones.covers(["FR", "DE"], "US")
    assert zones.covers(["*"], "JP")
    assert not zones.covers([], "FR")


@pytest.mark.parametrize("code", ["", "fr", "FRA", "F1", "é!", "**"])
def test_is_zone_refuses(code: str) -> None:
    assert not zones.is_zone(code)


def test_arrival_skips_the_weekend() -> None:
    friday = date(2026, 11, 20)
    arrival = dates.arrival(ordered_on=friday, handling_days=1, days_min=2, days_max=4)
    assert arrival == dates.Arrival(date(2026, 11, 25), date(2026, 11, 27))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_business_days_end_on_a_weekday(day: date, count: int) -> None:
    end = dates.business_days_after(day, count)
    assert end.weekday() < 5
    weekdays = sum((day + timedelta(days=n)).weekday() < 5 for n in range(1, (end - day).days + 1))
    assert weekdays == count


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [("6a 0418 2231 90", "6A0418223190"), ("SB-12345678", "SB12345678"), ("short", ""), ("<script>", ""), ("1" * 35, "")],
)
def test_tidy_number(typed: str, tidy: str) -> None:
    assert tracking.tidy_number(typed) == tidy


def test_a_scan_before_the_payment_is_noticed() -> None:
    paid = datetime(2026, 11, 20, 12, tzinfo=UTC)
    early = tracking.Scan("in_transit", paid - timedelta(days=2))
    label = tracking.Scan("pending", paid - timedelta(days=2))
    assert tracking.scanned_before_payment([early], paid_at=paid)
    assert not tracking.scanned_before_payment([label, tracking.Scan("in_transit", paid)], paid_at=paid)
    assert not tracking.scanned_before_payment([], paid_at=paid)
