"""The choices of a listing, made clean or refused: one plain thing, or up to a hundred named combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid

MOST_VARIANTS = 100
MOST_OPTIONS = 3
LONGEST_WORD = 40
LONGEST_SKU = 60


@dataclass(frozen=True)
class VariantDraft:
    """`reference` names an existing variant; without it a new one is made."""

    options: Mapping[str, str] = field(default_factory=dict)
    sku: str = ""
    reference: str = ""


def _word(value: object, where: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid(where, _("Write each option in words, like “Size” and “M”."))
    word = " ".join(value.split())
    if not word or len(word) > LONGEST_WORD:
        raise Invalid(where, _("Give each option 1 to {longest} characters."), longest=LONGEST_WORD)
    return word


def clean_options(options: object, where: str) -> dict[str, str]:
    if not isinstance(options, Mapping):
        raise Invalid(where, _("Write each option in words, like “Size” and “M”."))
    if len(options) > MOST_OPTIONS:
        raise Invalid(where, _("At most {most} kinds of options, like size, colour and length."), most=MOST_OPTIONS)
    clean = {_word(name, where): _word(value, where) for name, value in options.items()}
    if len(clean) != len(options):
        raise Invalid(where, _("Name each kind of option once."))
    return clean


def _sku(sku: object, where: str) -> str:
    if not isinstance(sku, str) or "\x00" in sku or len(sku.strip()) > LONGEST_SKU:
        raise Invalid(where, _("Keep your own article number under {longest} characters."), longest=LONGEST_SKU)
    return sku.strip()


def clean_variants(variants: Sequence[VariantDraft]) -> list[VariantDraft]:
    if not 1 <= len(variants) <= MOST_VARIANTS:
        raise Invalid("variants", _("A listing has 1 to {most} variants."), most=MOST_VARIANTS)
    clean: list[VariantDraft] = []
    for index, variant in enumerate(variants):
        where = f"variants.{index}.options"
        options = clean_options(variant.options, where)
        if clean and set(options) != set(clean[0].options):
            raise Invalid(where, _("Every variant needs the same kinds of options."))
        if len(variants) > 1 and not options:
            raise Invalid(where, _("Say how this variant differs from the others."))
        if any(options == other.options for other in clean):
            raise Invalid(where, _("This variant is there twice."))
        if variant.reference and any(variant.reference == other.reference for other in clean):
            raise Invalid(f"variants.{index}.reference", _("This variant is there twice."))
        clean.append(VariantDraft(options, _sku(variant.sku, f"variants.{index}.sku"), variant.reference))
    return clean
