"""JSON that cannot hurt: bounded in bytes and depth, and free of characters that PostgreSQL cannot keep."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class BodyTooLarge(APIException):
    """The body is larger than the API takes."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("The request is too large.")


class BoundedJSONParser(JSONParser):
    """DRF's strict JSON parser behind the limits above."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Read at most API_BODY_LIMIT bytes; ParseError for nesting bombs, NUL and lone surrogates."""
        body = stream.read(settings.API_BODY_LIMIT + 1)
        if len(body) > settings.API_BODY_LIMIT:
            raise BodyTooLarge
        try:
            data = super().parse(BytesIO(body), media_type, dict(parser_context or {}))
            _require_storable(data)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        return data


def _require_storable(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ParseError(_("A text contains characters that cannot be stored."))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _require_storable(key)
            _require_storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _require_storable(inner)
