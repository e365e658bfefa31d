"""Days and moments read naturally in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from storefront.templatetags import souk

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(("language", "style", "words"), [("en", "", "Tue 1"), ("en", "month", "Tue 1 Dec"), ("zh-hans", "", "12月1日 周二")])
def test_day_in_the_readers_language(language: str, style: str, words: str) -> None:
    with translation.override(language):
        assert souk.day(DAY, style) == words


def test_moment_in_chinese_has_no_seconds() -> None:
    with translation.override("zh-hans"):
        assert "12月1日 周二 08:30</time>" in souk.local_time(datetime(2026, 12, 1, 8, 30, 15, tzinfo=UTC))
