"""The ways to pay, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from core.money import Money
from escrow.holds import timers
from escrow.payments import ways
from escrow.payments.ways import WayNotOffered


@pytest.fixture(autouse=True)
def _stripe(settings) -> None:  # type: ignore[no-untyped-def]
    settings.PAYMENT_PROVIDER = "stripe"
    settings.STRIPE_PAYMENT_METHODS = ("card", "alipay", "affirm", "klarna", "customer_balance")


def test_checkout_shows_what_fits() -> None:
    shown = ways.ways_to_pay(amount=Money(10_000, "EUR"), country="DE")
    assert [way.code for way in shown] == ["card", "alipay", "klarna", "customer_balance"]
    assert shown[0].notes == ()
    assert "90 days" in shown[1].notes[0]


@pytest.mark.parametrize(
    ("code", "amount", "country", "words"),
    [
        ("affirm", Money(4_999, "USD"), "US", "50"),
        ("affirm", Money(3_000_001, "USD"), "US", "at most"),
        ("affirm", Money(10_000, "EUR"), "US", "EUR"),
        ("affirm", Money(10_000, "USD"), "DE", "country"),
        ("klarna", Money(10_000, "USD"), "DE", "EUR"),
        ("wechat_pay", Money(10_000, "USD"), "US", "not offered"),
        ("cheque", Money(10_000, "USD"), "US", "not offered"),
    ],
)
def test_require_says_why_not(code: str, amount: Money, country: str, words: str) -> None:
    with pytest.raises(WayNotOffered) as refused:
        ways.require(code=code, amount=amount, country=country)
    assert words in refused.value.message
    assert "{" not in refused.value.message
    with translation.override("zh-hans"):
        assert refused.value.message.isascii() is False


def test_require_is_silent_when_it_fits() -> None:
    ways.require(code="affirm", amount=Money(5_000, "USD"), country="US")


def test_hold_never_outlives_the_way_it_was_paid() -> None:
    assert ways.longest_hold_of(provider="stripe", method="alipay") == 90
    assert ways.longest_hold_of(provider="sandbox", method="unionpay") == 90
    assert ways.longest_hold_of(provider="stripe", method="unheard_of") == 90


def test_checkout_is_told_why_another_way_does_not_fit() -> None:
    shown = ways.ways_and_reasons(amount=Money(4_000, "USD"), country="US")
    assert [(way.code, way.fits) for way in shown] == [
        ("card", True), ("alipay", True), ("klarna", True), ("customer_balance", True), ("affirm", False),
    ]  # fmt: skip
    assert "50" in shown[-1].refusal


@pytest.mark.parametrize(("country", "days", "decided_after"), [("DE", 90, 76), ("US", 730, 716), ("TH", 10, 10 - 10 / 3)])
def test_hold_is_decided_before_the_rail_ends(settings, country: str, days: int, decided_after: float) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_COUNTRY = country
    assert ways.longest_hold_of(provider="stripe", method="card") == days
    paid_at = datetime(2027, 1, 1, tzinfo=UTC)
    assert timers.limit_of(days=days, paid_at=paid_at) == paid_at + timedelta(days=decided_after)
