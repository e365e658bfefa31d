"""The fields that our bodies and addresses are made of: DRF's, but a text is a text, a number a number, and yes or no nothing else.

DRF takes `1e300` for the name "1e+300" and "on" for yes. In JSON the sender has types, so we hold them to those; a form and an
address have only text, there "3" is a number. Every resource imports `serializers` from here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty
from rest_framework.serializers import (
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    DictField,
    EmailField,
    Field,
    FileField,
    ListField,
    RegexField,
    SerializerMethodField,
    SlugField,
    URLField,
    ValidationError,
)

__all__ = [
    "BooleanField", "CharField", "ChoiceField", "DateField", "DateTimeField", "DecimalField", "DictField", "EmailField", "Field", "FileField",
    "IntegerField", "ListField", "RegexField", "Serializer", "SerializerMethodField", "SlugField", "URLField", "ValidationError", "moment",
]  # fmt: skip
_Shown = TypeVar("_Shown")
_DIGITS = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1  # what the database keeps


def moment(at: datetime | None) -> str | None:
    """As `DateTimeField` writes it, for answers that are written by hand."""
    if at is None:
        return None
    written = localtime(at).isoformat()
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


class Serializer(serializers.Serializer[_Shown]):
    """What a body may name, and nothing else: a name that we would not look at is refused, on every depth."""

    default_error_messages = {"unknown": _("There is no such field here. Known: {names}.")}

    def to_internal_value(self, data: Any) -> Any:
        """What is only read may be sent back; the names of an address are looked at in api.questions."""
        if isinstance(data, Mapping) and not self.context.get("asked"):
            known = self.fields
            if unknown := [str(name) for name in data if name not in known]:
                names = ", ".join(name for name, field in known.items() if not field.read_only)
                raise ValidationError({name[:60]: [self._unknown(names)] for name in unknown[:20]})
        return super().to_internal_value(data)

    def _unknown(self, names: str) -> ErrorDetail:
        return ErrorDetail(self.error_messages["unknown"].format(names=names), code="unknown")


class CharField(serializers.CharField):
    """Text, and nothing that could be written as text."""

    default_error_messages = {"invalid": _("Give a text.")}

    def to_internal_value(self, data: Any) -> str:
        """Refuses numbers too, which DRF would print."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class IntegerField(serializers.IntegerField):
    """A whole number: 3, and 3.0 because JSON does not tell them apart; never true, never "3" where the sender has numbers."""

    default_error_messages = {"invalid": _("Give a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        """As above, within what the database keeps."""
        number = _whole(data, from_text=_speaks_text_only(self))
        if number is None or not _SMALLEST <= number <= _LARGEST:
            self.fail("invalid")
        return int(number)


class BooleanField(serializers.BooleanField):
    """true or false; in forms and addresses also the usual words."""

    default_error_messages = {"invalid": _("Say true or false.")}

    def to_internal_value(self, data: Any) -> Any:
        """Words only where there is nothing but words."""
        if not isinstance(data, bool) and not _speaks_text_only(self):
            self.fail("invalid", input=data)
        return super().to_internal_value(data)


def _whole(data: Any, *, from_text: bool) -> int | None:
    if isinstance(data, bool):
        return None
    if isinstance(data, int):
        return data
    if isinstance(data, float):
        return int(data) if data.is_integer() and abs(data) < 2**53 else None
    found = _DIGITS.fullmatch(data.strip()) if from_text and isinstance(data, str) else None
    return int(found[0]) if found else None


def _speaks_text_only(field: Field[Any, Any, Any, Any]) -> bool:
    """Whether the input came as a form or in the address."""
    return isinstance(getattr(field.root, "initial_data", empty), MultiValueDict)
