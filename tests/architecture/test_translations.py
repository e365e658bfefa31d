"""Everything that people may read has its words in every language of the house. Mended with `./souk translate` and a pen."""

from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.utils.translation import to_locale

from backend import phrases
from tests.architecture import house

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@cache
def collected() -> Catalog:
    return phrases.collect(house.ROOT)


@cache
def source(language: str) -> Path:
    return house.ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


@cache
def catalogue(language: str) -> Catalog:
    return phrases.read(source(language))


def forms(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def key(message: Message) -> str:
    return forms(message.id)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    known = catalogue(language)
    found = ((message, known.get(key(message), message.context)) for message in collected() if message.id)
    missing = [key(message) for message, words in found if words is None or not phrases.is_whole(words.string)]
    assert missing == [], "run ./souk translate, then write their words into " + str(source(language).relative_to(house.ROOT))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_only_a_guess(language: str) -> None:
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive(language: str) -> None:
    """A plural form may leave its number out in either language; a placeholder that the code does not fill breaks the page."""
    broken = []
    for message in catalogue(language):
        wanted = [phrases.placeholders(form) for form in forms(message.id)]
        for form in forms(message.string):
            if message.id and form and phrases.placeholders(form) not in wanted:
                broken.append((key(message), form))
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_percent_signs_stay_escaped(language: str) -> None:
    pairs = ((key(message), form) for message in catalogue(language) if message.id for form in forms(message.string))
    assert [form for words, form in pairs if words.count("%%") != form.count("%%")] == []
