"""What may be asked in an address: every action knows its parameters, and refuses by name what it does not know or cannot use."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from api import serializers
from api.pagination import NAMES


class NoQuestion(serializers.Serializer[Any]):
    """Nothing may be asked."""


class ShopQuestion(serializers.Serializer[Any]):
    """Of which shop."""

    vendor = serializers.CharField(max_length=60, help_text="The shop's slug.")


def answered(request: Request, question: type[serializers.Serializer[Any]], *, paged: bool, filters: tuple[str, ...] = ()) -> dict[str, Any]:
    """The asked values by name. ValidationError names each parameter that is unknown, given twice, or wrong."""
    asked = request.query_params
    several = {name for name, field in question._declared_fields.items() if isinstance(field, serializers.ListField)}  # type: ignore[attr-defined]
    known = [*question._declared_fields, *filters, *(NAMES if paged else ())]  # type: ignore[attr-defined]
    wrong = {name[:60]: [_unknown(known)] for name in asked if name not in known}
    wrong |= {name: [_once()] for name, values in asked.lists() if len(values) > 1 and name in known and name not in several}
    if wrong:
        raise ValidationError(wrong)
    return dict(_reader(question).run_validation(asked))


@cache
def _reader(question: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """One for all requests, as it keeps nothing of them: to make the fields anew for each question cost more than to read it."""
    return question(data=QueryDict(), context={"asked": True})  # as text, not as JSON: see api.serializers


def _unknown(known: list[str]) -> ErrorDetail:
    if not known:
        return ErrorDetail(_("Nothing can be asked here; leave it out."), code="unknown")
    return ErrorDetail(_("There is no such parameter here. Known: {names}.").format(names=", ".join(known)), code="unknown")


def _once() -> ErrorDetail:
    return ErrorDetail(_("Give this parameter once."), code="repeated")
