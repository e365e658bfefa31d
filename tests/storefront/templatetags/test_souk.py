"""Days and moments read naturally in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation

from core.money import EXPONENTS, Money
from storefront.templatetags import souk

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(("language", "style", "words"), [("en", "", "Tue 1"), ("en", "month", "Tue 1 Dec"), ("zh-hans", "", "12月1日 周二")])
def test_day_in_the_readers_language(language: str, style: str, words: str) -> None:
    with translation.override(language):
        assert souk.day(DAY, style) == words


def test_moment_in_chinese_has_no_seconds() -> None:
    with translation.override("zh-hans"):
        assert "12月1日 周二 08:30</time>" in souk.local_time(datetime(2026, 12, 1, 8, 30, 15, tzinfo=UTC))


@pytest.mark.parametrize("language", souk.LOCALES)
@pytest.mark.parametrize("minor", [0, 5, -5, 999, 1000, 123_456, -123_456_789, 10**11])
def test_amount_is_written_as_the_library_would(language: str, minor: int) -> None:
    for currency, places in EXPONENTS.items():
        pattern = "¤#,##0" + ("." + "0" * places if places else "")
        value, locale = Decimal(minor).scaleb(-places), souk.LOCALES[language]
        wanted = format_currency(value, currency, locale=locale, currency_digits=False, decimal_quantization=False, format=pattern)
        with translation.override(language):
            assert souk.money(Money(minor, currency)) == wanted
