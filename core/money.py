"""Amounts of money: integers in minor units with an explicit exponent per currency. Floats never enter.

Exponents follow ISO 4217 and were compared with Stripe's list of zero- and three-decimal currencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EXPONENTS = {
    **dict.fromkeys(
        "AED AUD BGN BRL CAD CHF CNY CZK DKK EGP EUR GBP HKD ILS INR MAD MOP MXN MYR NOK NZD PHP PLN RON SAR SEK SGD THB TRY TWD USD ZAR".split(),  # noqa: SIM905
        2,
    ),
    **dict.fromkeys("CLP JPY KRW VND XAF XOF XPF PYG RWF UGX".split(), 0),  # noqa: SIM905
    **dict.fromkeys("BHD JOD KWD OMR TND".split(), 3),  # noqa: SIM905
    "PTS": 0,
}
LARGEST_MINOR = 10**12
_AMOUNT = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,15})(?:\.(?P<part>[0-9]*))?")


class CurrencyMismatch(TypeError):
    """Two amounts of different currencies met in one sum or comparison: always a programming error."""


class AmountMalformed(ValueError):
    """The text is not an amount of this currency."""


def exponent(currency: str) -> int:
    """Number of decimal places of a currency; KeyError for one we do not know."""
    return EXPONENTS[currency]


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `amount_minor` units of 10^-exponent of `currency`; may be negative."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"Money takes whole minor units, not {self.amount_minor!r}.")
        if self.currency not in EXPONENTS:
            raise ValueError(f"Unknown currency {self.currency!r}.")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum; zero of `currency` when there is nothing to add."""
        return sum(amounts, cls.zero(currency))

    @property
    def exponent(self) -> int:
        """Decimal places of the currency."""
        return EXPONENTS[self.currency]

    @property
    def is_zero(self) -> bool:
        """True when there is nothing."""
        return self.amount_minor == 0

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} do not mix.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}.")
        return other.amount_minor

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, count: int) -> Money:
        if type(count) is not int:
            raise TypeError("Money is multiplied by whole numbers only; use largest_remainder for shares.")
        return Money(self.amount_minor * count, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount_minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount_minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount_minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __str__(self) -> str:
        return f"{self.plain()} {self.currency}"

    def plain(self) -> str:
        """Machine-readable decimal text without the currency: '-12.50', '900', '0.125'."""
        sign, digits = "-" if self.amount_minor < 0 else "", str(abs(self.amount_minor))
        if not self.exponent:
            return sign + digits
        digits = digits.rjust(self.exponent + 1, "0")
        return f"{sign}{digits[: -self.exponent]}.{digits[-self.exponent :]}"


def parse(text: str, currency: str) -> Money:
    """Read decimal text ('12', '12.5', '-3.00') as Money; AmountMalformed on anything else or too many decimals."""
    found = _AMOUNT.fullmatch(text.strip())
    if currency not in EXPONENTS or not found:
        raise AmountMalformed(text)
    places, part = exponent(currency), found["part"] or ""
    if len(part.rstrip("0")) > places:
        raise AmountMalformed(text)
    minor = int(found["whole"] + part[:places].ljust(places, "0"))
    if minor > LARGEST_MINOR:
        raise AmountMalformed(text)
    return Money(-minor if found["sign"] else minor, currency)


def read(text: str, currency: str) -> Money:
    """An amount as people type it: "12.50", "12,50", "1,234.50", "1.234,50", "€ 12" → Money; AmountMalformed otherwise."""
    plain = "".join(char for char in text if char not in " \u00a0\u202f'’€$£¥")
    comma, dot = plain.rfind(","), plain.rfind(".")
    decimal = max(comma, dot)
    if decimal >= 0:
        part = plain[decimal + 1 :]
        only_kind = (plain.count(",") if decimal == comma else plain.count(".")) == 1
        is_point = only_kind and (len(part) <= exponent(currency) or (comma >= 0 and dot >= 0))
        whole = plain[:decimal].replace(",", "").replace(".", "")
        plain = f"{whole}.{part}" if is_point else f"{whole}{part}"
        if not is_point and len(part) != 3:
            raise AmountMalformed(text)
    return parse(plain, currency)


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units by non-negative weights so that the shares sum to it exactly.

    Hamilton's method; ties go to the earlier weight. All-zero weights share equally.
    """
    if not weights or min(weights) < 0:
        raise ValueError("Weights must be non-negative and not empty.")
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    sign, rest = (-1, -total) if total < 0 else (1, total)
    shares = [rest * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(rest * weights[i] % whole), i))
    for index in order[: rest - sum(shares)]:
        shares[index] += 1
    return [sign * share for share in shares]


def cumulative_share(total: int, done: int, whole: int) -> int:
    """The part of `total` that belongs to `done` of `whole`, rounded half up.

    Take differences of it for each step: steps of any size and in any order sum to `total` exactly when `done` reaches `whole`.
    """
    if not 0 <= done <= whole:
        raise ValueError(f"{done} is not within 0..{whole}.")
    return (2 * total * done + whole) // (2 * whole) if whole else 0
