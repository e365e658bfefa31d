"""Which door words an error that reached no view: the API in problem documents, everything else in pages."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from api import errors
from storefront import refusals


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return errors.outside(400) if _is_api(request) else refusals.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return errors.outside(403) if _is_api(request) else refusals.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return errors.outside(404) if _is_api(request) else refusals.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. A database that is away or overloaded is no fault of the request: 503, and when to come again."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    answer: HttpResponse = errors.outside(status) if _is_api(request) else refusals.standing_alone(away=away)
    if away:
        answer["Retry-After"] = "2"
    return answer


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
