"""Amounts as Stripe counts them. Pure. Its units differ from ISO's for two old currencies, and three decimals must end in zero."""

from core.money import Money
from escrow.providers.base import ProviderRejected

HUNDREDTHS = frozenset({"UGX"})  # no decimals in our book, but Stripe still counts in hundredths
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(amount: Money) -> int:
    """What Stripe calls this amount; refused where Stripe cannot express it."""
    if amount.currency in THREE_DECIMALS and amount.amount_minor % 10:
        raise ProviderRejected("amount_invalid", f"{amount}: the last digit must be 0")
    return amount.amount_minor * 100 if amount.currency in HUNDREDTHS else amount.amount_minor


def from_stripe(minor: int, currency: str) -> Money:
    """Our amount of Stripe's."""
    code = currency.upper()
    if code in HUNDREDTHS:
        if minor % 100:
            raise ValueError(f"{minor} {code} has hundredths, which this currency does not have.")
        minor //= 100
    return Money(minor, code)
