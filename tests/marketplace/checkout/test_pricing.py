"""Pricing adds up to the cent, whatever the basket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.checkout import pricing
from marketplace.checkout.pricing import LineDraft, PricingMistake, SellerDraft
from marketplace.fulfilment.rates import DeliveryRate, delivery_price

amounts = st.integers(min_value=0, max_value=10**7)
rates = st.integers(min_value=0, max_value=10_000)
lines = st.builds(LineDraft, line=st.text(max_size=4), quantity=st.integers(1, 999), unit_minor=amounts, tax_bp=rates)
deliveries = st.none() | st.builds(DeliveryRate, base_minor=amounts, each_more_minor=amounts, free_from_minor=st.none() | amounts, tax_bp=rates)
sellers = st.lists(
    st.builds(SellerDraft, seller=st.uuids().map(str), lines=st.lists(lines, max_size=4), delivery=deliveries),
    max_size=4,
)


@given(sellers)
def test_price_sums_every_line_and_delivery(drafts: list[SellerDraft]) -> None:
    totals = pricing.price(sellers=drafts, currency="EUR")
    assert totals.total_minor == totals.goods_minor + totals.delivery_minor
    assert totals.total_minor == sum(one.total_minor for one in totals.sellers)
    for draft, one in zip(drafts, totals.sellers, strict=True):
        assert one.goods_minor == sum(line.quantity * line.unit_minor for line in draft.lines)
        assert one.total_minor >= one.goods_minor >= 0
        assert 0 <= one.tax_minor <= one.total_minor
        assert one.tax_minor == one.delivery_tax_minor + sum(line.tax_minor for line in one.lines)


@given(total=amounts, rate=rates)
def test_tax_within_is_what_a_net_price_would_add(total: int, rate: int) -> None:
    tax = pricing.tax_within(total_minor=total, tax_bp=rate)
    # |tax * (1 + r) - total * r| is at most half a minor unit, scaled by (1 + r)
    assert abs(2 * (tax * (10_000 + rate) - total * rate)) <= 10_000 + rate


@given(goods=amounts, items=st.integers(1, 500), rate=deliveries.filter(bool))
def test_delivery_is_free_exactly_from_the_threshold(goods: int, items: int, rate: DeliveryRate) -> None:
    price = delivery_price(rate=rate, goods_minor=goods, items=items)
    if rate.free_from_minor is not None and goods >= rate.free_from_minor:
        assert price == 0
    else:
        assert price == rate.base_minor + rate.each_more_minor * (items - 1)


def test_price_of_the_example_on_the_checkout_page() -> None:
    totals = pricing.price(
        currency="EUR",
        sellers=[
            SellerDraft("jonas", [LineDraft("camera", 1, 18600)], DeliveryRate(690)),
            SellerDraft("mei", [LineDraft("vases", 1, 4600)], DeliveryRate(600)),
            SellerDraft("nord", [LineDraft("cartons", 2, 3100, 1900)], DeliveryRate(590, 0, 5000)),
        ],
    )
    assert (totals.goods_minor, totals.delivery_minor, totals.total_minor) == (29400, 1290, 30690)
    assert totals.of("nord").tax_minor == 990  # 19 % within 62.00


@pytest.mark.parametrize(
    "draft",
    [LineDraft("a", 0, 1), LineDraft("a", -1, 1), LineDraft("a", 1, -1), LineDraft("a", 1, 1, 10_001), LineDraft("a", 1, 1, -1)],
)
def test_price_refuses_impossible_lines(draft: LineDraft) -> None:
    with pytest.raises(PricingMistake):
        pricing.price(sellers=[SellerDraft("s", [draft])], currency="EUR")


def test_price_refuses_a_total_beyond_any_payment() -> None:
    with pytest.raises(PricingMistake):
        pricing.price(sellers=[SellerDraft("s", [LineDraft("a", 999, 2**50)])], currency="EUR")
