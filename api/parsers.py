"""JSON that cannot hurt: bounded in bytes and depth, and free of characters that PostgreSQL cannot keep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class BodyTooLarge(APIException):
    """The body is larger than the API takes."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("The request is too large.")


class BoundedJSONParser(JSONParser):
    """DRF's strict JSON parser behind the limits above."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Read at most API_BODY_LIMIT bytes; ParseError for nesting bombs, names given twice, numbers without end, NUL and lone surrogates."""
        body = stream.read(settings.API_BODY_LIMIT + 1)
        if len(body) > settings.API_BODY_LIMIT:
            raise BodyTooLarge
        try:
            data = json.loads(body.decode(), object_pairs_hook=_each_once)  # JSON is UTF-8, whatever is called its charset
            _require_storable(data)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_("This is not JSON: {why}").format(why=error)) from error
        return data


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two prices, who reads the first and who the last would not agree."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("“{name}” stands twice in the JSON.").format(name=twice[:60]))
    return found


def _require_storable(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ParseError(_("A text contains characters that cannot be stored."))
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError(_("A number is too large."))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _require_storable(key)
            _require_storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _require_storable(inner)
