"""The table of ways to pay, and what it offers."""

from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as some
from stripe.params.checkout import SessionCreateParams

from backend import checks
from core.money import EXPONENTS, Money
from escrow.providers.methods import longest_hold_days, obstacle, offered
from escrow.providers.stripe import methods
from tests.escrow.providers.stripe.params import ELSEWHERE, _alternatives

TABLE = {method.code: method for method in methods.METHODS}


def named(amount: Money, country: str = "") -> set[str]:
    return {method.code for method in offered(methods.METHODS, amount, country)}


@pytest.mark.parametrize(
    ("minor", "currency", "country", "codes"),
    [
        (5_000, "EUR", "DE", {"card", "alipay", "wechat_pay", "klarna", "customer_balance"}),
        (5_000, "EUR", "CN", {"card", "alipay", "wechat_pay", "customer_balance"}),
        (5_000, "EUR", "CH", {"card", "alipay", "wechat_pay", "customer_balance"}),
        (4_999, "USD", "US", {"card", "alipay", "wechat_pay", "klarna", "afterpay_clearpay", "customer_balance"}),
        (5_000, "USD", "US", {"card", "alipay", "wechat_pay", "klarna", "affirm", "afterpay_clearpay", "customer_balance"}),
        (400_001, "USD", "US", {"card", "alipay", "wechat_pay", "klarna", "affirm", "customer_balance"}),
        (3_000_001, "USD", "US", {"card", "alipay", "wechat_pay", "klarna", "customer_balance"}),
        (1_400_001, "EUR", "NL", {"card", "alipay", "wechat_pay", "customer_balance"}),
        (99, "GBP", "GB", {"card", "alipay", "wechat_pay", "customer_balance"}),
        (5_000, "KWD", "KW", {"card"}),
        (5_000, "CNY", "CN", {"card", "alipay", "wechat_pay"}),
    ],
)
def test_offered(minor: int, currency: str, country: str, codes: set[str]) -> None:
    assert named(Money(minor, currency), country) == codes


@pytest.mark.parametrize(
    ("home", "klarna", "affirm", "afterpay"),
    [("DE", {"DE", "GB", "SE"}, set(), set()), ("US", {"US"}, {"US"}, {"US"}), ("AU", {"AU"}, set(), {"AU"}), ("JP", set(), set(), set())],
)
def test_pay_later_serves_whom_it_reaches_from_home(home: str, klarna: set[str], affirm: set[str], afterpay: set[str], settings) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_COUNTRY, settings.STRIPE_PAYMENT_METHODS = home, tuple(TABLE)
    on = methods.enabled()
    for code, reached in (("klarna", klarna), ("affirm", affirm), ("afterpay_clearpay", afterpay)):
        lands = {"DE": "EUR", "GB": "GBP", "SE": "SEK", "US": "USD", "AU": "AUD", "CA": "CAD"}
        served = {land for land, currency in lands.items() if code in {one.code for one in offered(on, Money(60_00, currency), land)}}
        assert served == reached, code
        assert code not in {one.code for one in offered(on, Money(60_00, "JPY"), "")}


def test_obstacle_is_named() -> None:
    affirm = TABLE["affirm"]
    assert obstacle(affirm, Money(5_000, "EUR"), "US") == "currency"
    assert obstacle(affirm, Money(5_000, "USD"), "DE") == "country"
    assert obstacle(affirm, Money(5_000, "USD"), "CA") == "country_currency"
    assert obstacle(affirm, Money(4_999, "USD"), "US") == "too_small"
    assert obstacle(affirm, Money(3_000_001, "USD"), "US") == "too_large"
    assert obstacle(affirm, Money(5_000, "USD"), "US") is None
    assert obstacle(affirm, Money(5_000, "USD"), "") is None


@given(some.integers(1, 10**9), some.sampled_from(sorted(set(EXPONENTS) - {"PTS"})), some.sampled_from(["", "DE", "US", "CN", "KW", "GB"]))
def test_card_is_always_offered_and_offers_have_no_obstacle(minor: int, currency: str, country: str) -> None:
    amount = Money(minor, currency)
    assert "card" in named(amount, country)
    assert all(obstacle(TABLE[code], amount, country) is None for code in named(amount, country))


def test_table_holds_together() -> None:
    for method in methods.METHODS:
        assert set(method.smallest) | set(method.largest) <= (method.currencies or set(EXPONENTS))
        assert set(method.home_currency.values()) <= method.currencies
        assert set(method.home_currency) <= method.countries
        assert method.currencies <= set(EXPONENTS)
    assert (TABLE["alipay"].refund_days, TABLE["wechat_pay"].refund_days) == (90, 180)
    assert not any(TABLE[code].disputes or TABLE[code].manual_capture for code in ("alipay", "wechat_pay"))
    assert "unionpay" in TABLE["card"].brands
    assert set(TABLE) == checks.STRIPE_METHODS


def test_hold_never_outlives_its_rail(settings) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_COUNTRY = "US"
    assert longest_hold_days(TABLE["card"], rail_days=methods.rail_days()) == 730
    assert longest_hold_days(TABLE["alipay"], rail_days=methods.rail_days()) == 90
    settings.STRIPE_COUNTRY = "TH"
    assert longest_hold_days(TABLE["wechat_pay"], rail_days=methods.rail_days()) == 10
    settings.STRIPE_COUNTRY = ""
    assert longest_hold_days(TABLE["wechat_pay"], rail_days=methods.rail_days()) == 90


def test_every_other_way_of_this_stripe_version_is_excluded() -> None:
    """Red after an upgrade of the SDK that knows more: decide about each, and add it to one of the two lists."""
    hint: Any = get_type_hints(SessionCreateParams, localns=ELSEWHERE, include_extras=True)["excluded_payment_method_types"]
    (listed,) = _alternatives(hint)
    words = {word for one in _alternatives(get_args(listed)[0]) if get_origin(one) is Literal for word in get_args(one)}
    assert set(methods.excluded(["card"])) == words - {"card"}
