"""Stripe's ways to pay that we know, as data. An operator switches on those that are active in the Stripe dashboard.

Limits are those that Stripe and the pay-later firms document for the payer's side (read in November 2026); an account may have narrower
ones, which Stripe then says at the checkout.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.conf import settings

from escrow.providers.methods import PaymentMethod

# Days that money may wait between charge and transfer, by the platform's country.
RAIL_DAYS = {"US": 730, "TH": 10}
RAIL_DAYS_ELSEWHERE = 90

_KLARNA = {
    **dict.fromkeys("AT BE DE ES FI FR GR IE IT NL PT".split(), "EUR"),  # noqa: SIM905
    "AU": "AUD",
    "CA": "CAD",
    "CH": "CHF",
    "CZ": "CZK",
    "DK": "DKK",
    "GB": "GBP",
    "NO": "NOK",
    "NZ": "NZD",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
    "US": "USD",
}
# The most that Klarna lends for one purchase; in euros it depends on the country, and this is the highest.
_KLARNA_MOST = {
    "EUR": 14_000_00,
    "GBP": 4_000_00,
    "CHF": 5_000_00,
    "SEK": 150_000_00,
    "NOK": 100_000_00,
    "DKK": 100_000_00,
    "PLN": 20_000_00,
    "CZK": 100_000_00,
    "RON": 20_000_00,
}
# Within Europe Klarna crosses borders; elsewhere, and with Affirm and Afterpay everywhere, payers live where the platform is.
_KLARNA_EUROPE = frozenset(_KLARNA) - {"AU", "CA", "NZ", "US"}
_EUROPE = _KLARNA_EUROPE | frozenset("CY EE HR LT LU LV MT SI SK".split())  # noqa: SIM905
_DOMESTIC = frozenset({"affirm", "afterpay_clearpay"})
_AFTERPAY = {"AU": "AUD", "CA": "CAD", "GB": "GBP", "NZ": "NZD", "US": "USD"}
_AFFIRM = {"CA": "CAD", "US": "USD"}
_BANK_TRANSFER = {
    "EUR": "eu_bank_transfer",
    "GBP": "gb_bank_transfer",
    "JPY": "jp_bank_transfer",
    "MXN": "mx_bank_transfer",
    "USD": "us_bank_transfer",
}
_EU_ACCOUNTS = frozenset({"DE", "FR", "IE", "NL"})  # where Stripe opens an IBAN for a transfer

METHODS = (
    PaymentMethod(code="card", brands=("visa", "mastercard", "amex", "unionpay", "jcb"), manual_capture=True, disputes=True),
    PaymentMethod(
        code="alipay",
        currencies=frozenset(["AUD", "CAD", "CNY", "EUR", "GBP", "HKD", "JPY", "MYR", "NZD", "SGD", "USD"]),
        refund_days=90,
        refunds_later=True,
    ),
    PaymentMethod(
        code="wechat_pay",
        currencies=frozenset(["AUD", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "JPY", "NOK", "SEK", "SGD", "USD"]),
        refund_days=180,
        refunds_later=True,
    ),
    PaymentMethod(
        code="klarna",
        countries=frozenset(_KLARNA),
        currencies=frozenset(_KLARNA.values()),
        home_currency=_KLARNA,
        smallest=dict.fromkeys(_KLARNA.values(), 1_00),
        largest=_KLARNA_MOST,
        refund_days=180,
        manual_capture=True,
        refunds_later=True,
        disputes=True,
    ),
    PaymentMethod(
        code="affirm",
        countries=frozenset(_AFFIRM),
        currencies=frozenset(_AFFIRM.values()),
        home_currency=_AFFIRM,
        smallest={"USD": 50_00, "CAD": 50_00},  # 35 dollars only for who is no platform
        largest={"USD": 30_000_00, "CAD": 30_000_00},
        refund_days=120,
        manual_capture=True,
        refunds_later=True,
        disputes=True,
    ),
    PaymentMethod(
        code="afterpay_clearpay",
        countries=frozenset(_AFTERPAY),
        currencies=frozenset(_AFTERPAY.values()),
        home_currency=_AFTERPAY,
        smallest=dict.fromkeys(_AFTERPAY.values(), 1_00),
        largest={"AUD": 4_000_00, "CAD": 2_000_00, "GBP": 1_200_00, "NZD": 4_000_00, "USD": 4_000_00},
        refund_days=120,
        manual_capture=True,
        refunds_later=True,
        disputes=True,
    ),
    PaymentMethod(
        code="customer_balance",
        brands=("bank_transfer",),
        currencies=frozenset(_BANK_TRANSFER),
        refunds_later=True,
        pays_later=True,
    ),
)
# Every other way to pay that a dashboard may have switched on: not at our checkout, because we do not know its limits.
STRANGERS = (
    *("acss_debit", "alma", "amazon_pay", "au_becs_debit", "bacs_debit", "bancontact", "billie", "bizum", "blik", "boleto", "cashapp"),
    *("crypto", "eps", "fpx", "giropay", "grabpay", "ideal", "kakao_pay", "konbini", "kr_card", "mb_way", "mobilepay", "multibanco"),
    *("naver_pay", "nz_bank_account", "oxxo", "p24", "pay_by_bank", "payco", "paynow", "paypal", "paypay", "payto", "pix", "promptpay"),
    *("revolut_pay", "samsung_pay", "satispay", "scalapay", "sepa_debit", "sequra", "sofort", "sunbit", "swish", "twint", "upi"),
    *("us_bank_account", "zip"),
)
CODES = frozenset(method.code for method in METHODS)


def enabled() -> tuple[PaymentMethod, ...]:
    """Those that the operator has switched on, each for the payers whom it serves from the platform's country."""
    chosen = (method for method in METHODS if method.code in settings.STRIPE_PAYMENT_METHODS)
    return tuple(method for method in map(_from_home, chosen) if method)


def _from_home(method: PaymentMethod) -> PaymentMethod | None:
    """None where this platform cannot offer it to anybody."""
    home = settings.STRIPE_COUNTRY
    if not home or not (method.code in _DOMESTIC or method.code == "klarna"):
        return method
    reached = _KLARNA_EUROPE if method.code == "klarna" and home in _EUROPE else method.countries & {home}
    paid_in = {country: currency for country, currency in method.home_currency.items() if country in reached}
    return replace(method, countries=reached, home_currency=paid_in, currencies=frozenset(paid_in.values())) if reached else None


def excluded(kinds: Collection[str]) -> list[Any]:
    """All but these. An exclusion and not a list of what is allowed: the words for the latter change between Stripe's versions, and
    a method that the dashboard has switched off is then just not shown instead of breaking the page."""
    return [*STRANGERS, *sorted(CODES - set(kinds))]


def rail_days() -> int:
    """How long money may wait on our balance before it is transferred."""
    return RAIL_DAYS.get(settings.STRIPE_COUNTRY, RAIL_DAYS_ELSEWHERE)


def options(kinds: Collection[str], currency: str, country: str) -> Any:
    """What Stripe wants to be told about some of them."""
    chosen: dict[str, Any] = {}
    if "wechat_pay" in kinds:
        chosen["wechat_pay"] = {"client": "web"}
    if "customer_balance" in kinds:
        transfer: dict[str, Any] = {"type": _BANK_TRANSFER[currency]}
        if transfer["type"] == "eu_bank_transfer":
            transfer["eu_bank_transfer"] = {"country": country if country in _EU_ACCOUNTS else "IE"}
        chosen["customer_balance"] = {"funding_type": "bank_transfer", "bank_transfer": transfer}
    return chosen
