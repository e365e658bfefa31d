"""A way to pay and its limits, and which of them fit an amount and a payer's country. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.money import Money

Obstacle = Literal["currency", "country", "country_currency", "too_small", "too_large"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    """Amounts are minor units by currency; an absent one means no limit of its own."""

    code: str
    brands: tuple[str, ...] = ()  # what else a payer may call it
    countries: frozenset[str] = frozenset()  # of payers; empty: everywhere
    currencies: frozenset[str] = frozenset()  # empty: all that the provider takes
    home_currency: Mapping[str, str] = field(default_factory=dict)  # payers of this country pay in this currency only
    smallest: Mapping[str, int] = field(default_factory=dict)
    largest: Mapping[str, int] = field(default_factory=dict)
    refund_days: int | None = None  # after this no refund can be sent back the way it came; None: no such end
    manual_capture: bool = False
    refunds_later: bool = False  # a refund is confirmed hours or days after it was asked
    pays_later: bool = False  # the money comes hours or days after the payer was done
    disputes: bool = False  # the payer's bank or wallet may take the money back


def obstacle(method: PaymentMethod, amount: Money, country: str) -> Obstacle | None:
    """The first reason why this method does not fit, None when it does. An unknown country ('') is no obstacle."""
    home = method.home_currency.get(country)
    if method.currencies and amount.currency not in method.currencies:
        return "currency"
    if country and method.countries and country not in method.countries:
        return "country"
    if home and home != amount.currency:
        return "country_currency"
    if amount.amount_minor < method.smallest.get(amount.currency, 1):
        return "too_small"
    if amount.amount_minor > method.largest.get(amount.currency, amount.amount_minor):
        return "too_large"
    return None


def offered(methods: Iterable[PaymentMethod], amount: Money, country: str = "") -> tuple[PaymentMethod, ...]:
    """Those that fit, in the given order."""
    return tuple(method for method in methods if obstacle(method, amount, country) is None)


def longest_hold_days(method: PaymentMethod, *, rail_days: int) -> int:
    """How long money paid this way may wait: until the rail ends, or until it could no longer go back."""
    return rail_days if method.refund_days is None else min(rail_days, method.refund_days)
