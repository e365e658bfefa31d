"""Every error answer of the API: RFC 9457 `application/problem+json` with a code, a sentence and the fields it is about."""

from __future__ import annotations

import math
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import Kind, Refusal

MEDIA_TYPE = "application/problem+json"


def problem(code: str, status_code: int, detail: str, errors: list[dict[str, Any]] | None = None, headers: dict[str, str] | None = None) -> Response:
    """A problem document. `errors` lists {field, code, detail} for each wrong input."""
    return Response(_body(code, status_code, detail, errors or []), status=status_code, headers=headers, content_type=MEDIA_TYPE)


def outside(status_code: int) -> JsonResponse:
    """The same for a request that reached no view."""
    code, detail = {
        400: ("malformed", _("The request is malformed.")),
        403: ("forbidden", _("You are not allowed to do this.")),
        404: ("not_found", _("There is nothing here under this address.")),
        500: ("broken", _("Something broke on our side. Nothing was half done.")),
        503: ("unavailable", _("The service is busy. Nothing was lost; please try again.")),
    }[status_code]
    return JsonResponse(_body(code, status_code, str(detail), []), status=status_code, content_type=MEDIA_TYPE)


def _body(code: str, status_code: int, detail: str, errors: list[dict[str, Any]]) -> dict[str, Any]:
    """`title` names the kind of problem and is the same each time, `detail` tells this one."""
    title = code.replace("_", " ").capitalize()
    return {"type": f"urn:souk:problem:{code}", "title": title, "status": status_code, "code": code, "detail": detail, "errors": errors}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: the problem for an exception, or None (a 500) for one that nobody foresaw."""
    response = _translate(error)
    if response is not None:
        set_rollback()
    return response


def _translate(error: Exception) -> Response | None:
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, exceptions.APIException):
        return _of_api_exception(error)
    if isinstance(error, Http404):
        return problem("not_found", 404, _("There is nothing here under this address."))
    if isinstance(error, PermissionDenied):
        return problem("forbidden", 403, _("You are not allowed to do this."))
    if isinstance(error, RequestDataTooBig):
        return problem("too_large", 413, _("The request is too large."))
    if isinstance(error, SuspiciousOperation):
        return problem("malformed", 400, _("The request is malformed."))
    if isinstance(error, DataError):
        return problem("out_of_range", 400, _("A value is out of range."))
    if isinstance(error, OperationalError | InterfaceError):
        return problem("unavailable", 503, _("The service is busy. Nothing was lost; please try again."), headers={"Retry-After": "2"})
    return None


def _of_refusal(refusal: Refusal) -> Response:
    several: dict[str, str] = getattr(refusal, "fields", None) or ({refusal.field: refusal.message} if refusal.field else {})
    if many := getattr(refusal, "problems", None):  # a refusal that names several fields at once
        several = {one.field: str(one.sentence) for one in many}
    fields = [{"field": field, "code": refusal.code, "detail": sentence} for field, sentence in several.items()]
    wait = refusal.retry_after_seconds
    headers = {"Retry-After": str(wait or 1)} if wait or refusal.kind in (Kind.BUSY, Kind.TOO_MANY) else None
    return problem(refusal.code, int(refusal.kind), refusal.message, fields, headers)


def _of_api_exception(error: exceptions.APIException) -> Response:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    found = flatten_errors(error.detail)
    if isinstance(error, exceptions.ValidationError):
        fields = [{"field": e.attr, "code": e.code, "detail": e.detail} for e in found]
        return problem("invalid", status.HTTP_400_BAD_REQUEST, _("Some of the input is not valid."), fields, headers)
    return problem(found[0].code, error.status_code, str(found[0].detail), headers=headers)
