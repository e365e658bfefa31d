"""Stripe's ways to pay that we know, as data. An operator switches on those that are active in the Stripe dashboard.

Limits are those that Stripe documents for the payer's side; an account may have narrower ones, which Stripe then says at the checkout.
"""

from collections.abc import Collection
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
        smallest={"USD": 50_00, "CAD": 50_00},
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
        largest={"AUD": 2_000_00, "CAD": 2_000_00, "GBP": 1_200_00, "NZD": 2_000_00, "USD": 4_000_00},
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
    """Those that the operator has switched on."""
    return tuple(method for method in METHODS if method.code in settings.STRIPE_PAYMENT_METHODS)


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
