"""Answers as JSON, by an encoder that takes a tenth of the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

_otherwise = JSONEncoder().default
PASSED_ON = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS  # moments end in Z, as the framework writes them


class JSONRenderer(renderers.JSONRenderer):
    """What this encoder does not take (whole numbers beyond 64 bits, halves of characters) and wishes for an indent go to the framework's own."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None) -> Any:
        """The body in bytes."""
        if data is None or (accepted_media_type and "indent" in accepted_media_type):
            return super().render(data, accepted_media_type, renderer_context)
        try:
            return orjson.dumps(data, default=_otherwise, option=PASSED_ON)
        except orjson.JSONEncodeError:
            return super().render(data, accepted_media_type, renderer_context)


class AnyFileRenderer(JSONRenderer):
    """Lets a caller ask for a file; what the view answers brings its own type, refusals stay JSON."""

    media_type = "*/*"
    format = "file"
