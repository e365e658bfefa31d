"""One line in the log for each request: django-structlog's, with the caller's address as the throttles know it."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """RequestIdMiddleware has given the request its id. A line at the beginning would double the log and say less than the one at the end."""

    def prepare(self, request: HttpRequest) -> None:
        """What every line of this request carries."""
        structlog.contextvars.bind_contextvars(request_id=request.META["HTTP_X_REQUEST_ID"], ip=address_of(request))


def address_of(request: HttpRequest) -> str:
    """Our own proxies wrote the last so many addresses; what stands before them the caller may have made up."""
    proxies = settings.SOUK.proxy_count
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return str(told[-min(proxies, len(told))].strip() or request.META.get("REMOTE_ADDR", "")) if proxies else str(request.META.get("REMOTE_ADDR", ""))
