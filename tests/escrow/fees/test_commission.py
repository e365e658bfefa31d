import pytest
from hypothesis import given
from hypothesis import strategies as st

from escrow.fees.commission import CommissionTerms, commission_of, commission_of_lines
from escrow.fees.models import CommissionPlan
from escrow.fees.queries import terms_for

RATES = st.builds(CommissionTerms, rate_bp=st.integers(0, 10_000), tax_bp=st.integers(0, 10_000))
AMOUNTS = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("gross", "rate", "tax", "expected"),
    [(10_000, 800, 2000, (800, 160)), (1, 800, 2000, (0, 0)), (7, 800, 2000, (1, 0)), (0, 800, 2000, (0, 0)), (100, 10_000, 2000, (100, 0))],
)
def test_commission_rounds_half_up_and_never_exceeds_the_sale(gross: int, rate: int, tax: int, expected: tuple[int, int]) -> None:
    assert commission_of(gross, CommissionTerms(rate_bp=rate, tax_bp=tax)) == expected


@given(AMOUNTS, RATES)
def test_commission_leaves_the_seller_nothing_to_owe(gross: int, terms: CommissionTerms) -> None:
    commission, tax = commission_of(gross, terms)
    assert min(commission, tax) >= 0
    assert commission + tax <= gross


@given(st.lists(AMOUNTS, min_size=1, max_size=12), RATES)
def test_lines_share_the_commission_to_the_cent(grosses: list[int], terms: CommissionTerms) -> None:
    shares = commission_of_lines(grosses, terms)
    assert (sum(c for c, _ in shares), sum(t for _, t in shares)) == commission_of(sum(grosses), terms)
    assert all(commission >= 0 and tax >= 0 for commission, tax in shares)


@given(st.lists(AMOUNTS, min_size=1, max_size=12), RATES)
def test_no_line_pays_more_than_itself(grosses: list[int], terms: CommissionTerms) -> None:
    for gross, (commission, tax) in zip(grosses, commission_of_lines(grosses, terms), strict=True):
        assert commission + tax <= gross


def test_commission_and_tax_of_tiny_lines_stay_within_each() -> None:
    assert commission_of_lines([1, 1], CommissionTerms(rate_bp=5_000, tax_bp=10_000)) == [(1, 0), (0, 1)]


@pytest.mark.parametrize("wrong", [{"rate_bp": -1}, {"rate_bp": 10_001}, {"rate_bp": 1, "tax_bp": -1}])
def test_terms_refuse_impossible_rates(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="basis points"):
        CommissionTerms(**wrong)


@pytest.mark.django_db
def test_terms_for_takes_the_narrowest_plan(settings) -> None:  # type: ignore[no-untyped-def]
    settings.COMMISSION_RATE_BP, settings.COMMISSION_TAX_BP = 800, 2000
    assert terms_for("SELLER", "books") == CommissionTerms(rate_bp=800, tax_bp=2000)
    for code, party, category, rate in (("all", "", "", 700), ("books", "", "books", 500), ("s", "SELLER", "", 400), ("sb", "SELLER", "books", 300)):
        CommissionPlan.objects.create(code=code, party=party, category_slug=category, rate_bp=rate)
    rates = [terms_for(party, slug).rate_bp for party, slug in (("X", "toys"), ("X", "books"), ("SELLER", "toys"), ("SELLER", "books"))]
    assert rates == [700, 500, 400, 300]
