"""The words and choices of a listing, made clean or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from escrow.plans import terms
from marketplace.catalog.categories import attributes as answers
from marketplace.catalog.categories.attributes import Attribute, Misfit
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings.models import Condition, HandOver

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 8000
LONGEST_PLACE = 80
LANGUAGES = ("en", "zh-hans", "zh-hant", "de", "es", "fr", "it", "ja", "ko", "nl", "pt")


class _Keep:
    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()
"""The field stays as it is."""


@dataclass(frozen=True)
class Problem:
    """Something to put right before the listing can be shown: which field, and what to do."""

    field: str
    sentence: str | Promise


@dataclass(frozen=True)
class Content:
    """Everything a seller writes about a thing. What is left at KEEP is not touched."""

    title: str | _Keep = KEEP
    description: str | _Keep = KEEP
    language: str | _Keep = KEEP
    category: Category | _Keep | None = KEEP
    condition: str | _Keep = KEEP
    attributes: Mapping[str, object] | _Keep = KEEP
    hand_overs: Sequence[str] | _Keep = KEEP
    place: str | _Keep = KEEP
    payment_terms: Mapping[str, object] | _Keep = KEEP

    def given(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not KEEP}


MISFITS: dict[str, str | Promise] = {
    "unknown": _("This category does not ask for “{name}”."),
    "text": _("Write “{name}” in words."),
    "too_long": _("Keep “{name}” under {longest} characters."),
    "number": _("Write “{name}” as a number, like 42 or 3.5."),
    "choice": _("Choose “{name}” from the list."),
    "yes_no": _("Answer “{name}” with yes or no."),
    "missing": _("Fill in “{name}”: buyers filter by it."),
}


def misfit_words(misfit: Misfit, asked: Sequence[Attribute], language: str) -> str:
    name = next((attribute.label(language) for attribute in asked if attribute.code == misfit.code), misfit.code[:40])
    return str(MISFITS[misfit.why]).format(name=name, longest=answers.LONGEST_TEXT)


def title(words: object) -> str:
    return _line("title", words, LONGEST_TITLE, _("Keep the title under {longest} characters."))


def place(words: object) -> str:
    return _line("place", words, LONGEST_PLACE, _("Keep the place under {longest} characters."))


def description(words: object) -> str:
    if not isinstance(words, str) or "\x00" in words:
        raise Invalid("description", _("Write the description in plain words."))
    text = words.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_DESCRIPTION:
        raise Invalid("description", _("Keep the description under {longest} characters."), longest=LONGEST_DESCRIPTION)
    return text


def payment_terms(values: object) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise Invalid("payment_terms", _("Send the payment terms as names with values."))
    try:
        return terms.kept(terms.offered(values))
    except Invalid as wrong:
        raise Invalid(f"payment_terms.{wrong.field}", wrong.message) from wrong


def _line(field: str, words: object, longest: int, too_long: Promise | str) -> str:
    if not isinstance(words, str) or "\x00" in words:
        raise Invalid(field, _("Write this in plain words."))
    line = " ".join(words.split())
    if len(line) > longest:
        raise Invalid(field, too_long, longest=longest)
    return line


def language(code: object) -> str:
    if not isinstance(code, str) or code not in LANGUAGES:
        raise Invalid("language", _("Choose the language of your text from the list."))
    return code


def condition(code: object) -> str:
    if not isinstance(code, str) or (code and code not in Condition.values):
        raise Invalid("condition", _("Choose the condition from the list."))
    return code


def hand_overs(codes: object) -> list[str]:
    if isinstance(codes, str) or not isinstance(codes, Sequence):
        raise Invalid("hand_overs", _("Choose how the buyer gets it."))
    chosen = [code for code in HandOver.values if code in codes]
    if len(chosen) != len(set(map(str, codes))):
        raise Invalid("hand_overs", _("Choose “by parcel”, “picked up in person”, or both."))
    return chosen
