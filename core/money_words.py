"""An amount as people read it: €1,234.50."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import format_currency

from core.money import Money

LOCALES = {"en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


def money_words(amount: Money, language: str) -> str:
    """Every language of ours writes digits alike and the currency in front: only what stands there is the library's to know, and kept."""
    minor, places = abs(amount.amount_minor), amount.exponent
    sign, whole = "-" if amount.amount_minor < 0 else "", minor // 10**places
    return f"{sign}{_currency(amount.currency, LOCALES.get(language, 'en'))}{whole:,}" + (f".{minor % 10**places:0{places}}" if places else "")


@lru_cache
def _currency(code: str, locale: str) -> str:
    return str(format_currency(0, code, locale=locale, currency_digits=False, format="¤0")).removesuffix("0")
