"""`/metrics`: for the market's own watch only."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CollectorRegistry, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.metrics import facts, instruments

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Not there for strangers. While the database is away the server's own counts are still told."""
    if not _may_read(request):
        raise Http404
    body = generate_latest(instruments.registry())
    up, asked = _ask()
    return HttpResponse(
        body + _told([GaugeMetricFamily("souk_database_up", "1 when the database answers.", value=float(up)), *asked]),
        content_type=CONTENT_TYPE_LATEST,
    )


def _ask() -> tuple[bool, list[Metric]]:
    """Whether the database answers, and what it says; nothing before its migrations are applied."""
    try:
        return True, list(facts.collect())
    except (OperationalError, InterfaceError):
        return False, []
    except ProgrammingError:
        return True, []


def _told(families: list[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Families(families))
    return generate_latest(registry)


class _Families(Collector):
    """What was asked already, in the library's shape."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _may_read(request: HttpRequest) -> bool:
    """With SOUK_METRICS_TOKEN, whoever has it. Without, this machine itself, unless the request came through a proxy."""
    token = settings.SOUK.metrics_token
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    proxied = settings.SOUK.proxy_count or any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return not proxied and request.META.get("REMOTE_ADDR") in LOOPBACK
