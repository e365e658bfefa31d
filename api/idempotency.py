"""`Idempotency-Key` at the door: the request's fingerprint, whose key it is, and the stored answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from core import crashes, idempotency, references
from core.errors import Invalid
from core.whole import whole

HEADER = "Idempotency-Key"


def once(request: Request, effect: Callable[[], dict[str, Any]], *, status: int = 200) -> Response:
    """Run `effect` in one transaction and answer its dict; a repeated key answers the first dict again.

    Without the header the effect simply runs. Never put a network call into `effect`.
    """
    key = request.headers.get(HEADER)
    if key is None:
        with whole():
            return Response(effect(), status=status)
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise Invalid(HEADER, _("An Idempotency-Key has 1 to 255 printable ASCII characters."))
    outcome = idempotency.run(scope=scope_of(request), key=key, fingerprint=fingerprint_of(request), effect=effect)
    crashes.point("door.answer_lost")
    response = Response(outcome.answer, status=status)
    if outcome.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def scope_of(request: Request) -> str:
    """A person's keys are theirs alone; a guest's belong to the cart or order token they hold."""
    if request.user.is_authenticated:
        return f"user:{request.user.reference}"
    token = request.headers.get("X-Cart-Token") or request.headers.get("X-Order-Token") or ""
    return f"guest:{references.fingerprint(token)}"


def fingerprint_of(request: Request) -> str:
    """Hash of method, path and body; files count by name and size."""
    body = json.dumps(request.data, sort_keys=True, default=lambda value: [getattr(value, "name", ""), getattr(value, "size", str(value))])
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
