"""Outermost: gives every request its id, and counts how long its answer took."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from backend.metrics.instruments import REQUESTS

HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestIdMiddleware:
    """A caller's own id is kept when it is harmless; the answer carries it, and so do the logs, the jobs and the audit trail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        request.__dict__.pop("headers", None)  # read anew: the logger takes the id from there
        began = time.perf_counter()
        response = self.get_response(request)
        REQUESTS.labels(_method(request), _route(request), str(response.status_code)).observe(time.perf_counter() - began)
        response[HEADER] = request_id
        return response


def _method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"


def _route(request: HttpRequest) -> str:
    """The pattern and never the path: there are few of them, and nobody's reference is in it."""
    return str(request.resolver_match.route) if request.resolver_match else "none"
