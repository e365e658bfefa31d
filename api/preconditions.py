"""`If-Match` at the door: a writer says which version they looked at."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Invalid

_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


class IfMatchRequired(APIException):
    """The writer did not say which version they looked at."""

    status_code = 428
    default_code = "if_match_required"
    default_detail = _("Send If-Match with the version that you read, so that nobody's change is lost.")


def version_of(request: Request) -> int | None:
    """The version in If-Match; None for `*` (whatever it is now); IfMatchRequired without the header."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise IfMatchRequired
    if header == "*":
        return None
    found = _TAG.fullmatch(header)
    if not found:
        raise Invalid("If-Match", _('If-Match takes the version as in the ETag, like "3".'))
    return int(found[1])


def tagged(response: Response, version: int) -> Response:
    """The response with its ETag."""
    response["ETag"] = f'"{version}"'
    return response
