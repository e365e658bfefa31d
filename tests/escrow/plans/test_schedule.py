"""Parts add up exactly, in amounts, lines and commission; dates are those of the calendar."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from escrow.holds.split import Left
from escrow.plans import schedule, terms

AT = datetime(2027, 1, 31, 12, tzinfo=UTC)


def test_equal_parts_fall_on_the_same_day_of_each_month() -> None:
    dues = schedule.divide(terms.parts(count=3), total_minor=10_000, at=AT)
    assert [due.amount_minor for due in dues] == [3_334, 3_333, 3_333]
    assert [f"{due.due_at:%m-%d}" for due in dues] == ["01-31", "02-28", "03-31"]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 3_000)), min_size=1, max_size=5),
    st.sampled_from([terms.deposit(percent=1, days=3), terms.parts(count=12), terms.milestones(steps=[("a", 33), ("b", 33), ("c", 34)], days=10)]),
)
def test_every_line_is_paid_exactly_once_over_the_parts(lines: list[tuple[int, int]], offered: schedule.Terms) -> None:
    wholes = [Left(gross, gross * bp // 10_000, gross, 0, 0, gross * bp // 10_000, 0) for gross, bp in lines]
    amounts = [due.amount_minor for due in schedule.divide(offered, total_minor=sum(gross for gross, _bp in lines), at=AT)]
    cuts = schedule.over_parts(wholes, amounts)
    assert [sum(piece.amount_minor for piece in pieces) for pieces in cuts] == amounts
    for number, whole in enumerate(wholes):
        pieces = [cut[number] for cut in cuts]
        assert sum(piece.amount_minor for piece in pieces) == whole.gross_minor
        assert sum(piece.commission_minor for piece in pieces) == whole.fee_minor
        assert min(piece.net_minor for piece in pieces) >= 0


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (lambda: terms.deposit(percent=95, days=5), "percent"),
        (lambda: terms.deposit(percent=20, days=90), "days"),
        (lambda: terms.parts(count=13), "count"),
        (lambda: terms.parts(count=4, ships="paid"), "ships"),
        (lambda: terms.milestones(steps=[("a", 50), ("b", 49)], days=10), "steps"),
        (lambda: terms.milestones(steps=[("a", 50), (" a ", 50)], days=10), "steps"),
        (lambda: terms.deposit(percent=20, days=5, grace_days=40), "grace_days"),
    ],
)
def test_terms_out_of_bounds_are_refused(offer, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        offer()
    assert refused.value.field == field


def test_terms_survive_being_kept() -> None:
    offered = terms.milestones(steps=[("Design", 40), ("Built", 60)], days=20)
    assert terms.read(terms.kept(offered)) == offered
    assert schedule.is_possible(offered, total_minor=250, currency="EUR")
    assert not schedule.is_possible(offered, total_minor=248, currency="EUR")
