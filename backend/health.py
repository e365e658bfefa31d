"""Two questions that a load balancer asks: is the process alive, and can it serve? And one that people ask: is everything well?"""

from __future__ import annotations

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from search.backends import engine
from search.backends.base import EngineUnavailable

SILENCE_SECONDS = 30.0
LAG_SECONDS = 300.0
NEEDED = ("database", "migrations")  # without these no page can be served; without the others every page still is


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Touches nothing: a process whose database is away must not be killed for it."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """503 with what is missing when this process cannot serve. `?all=1` is as strict about the worker and the search index."""
    parts = _parts()
    unwell = [name for name, words in parts.items() if words != "ok"]
    stops = unwell if request.GET.get("all") else [name for name in unwell if name in NEEDED]
    body = {"status": "not ready" if stops else "degraded" if unwell else "ready", "parts": parts}
    return JsonResponse(body, status=503, headers={"Retry-After": "2"}) if stops else JsonResponse(body)


def _parts() -> dict[str, str]:
    try:
        missing = _missing_migrations()
        parts = {"database": "ok", "migrations": f"{missing} are not applied: ./souk migrate" if missing else "ok"}
        if not missing:
            parts |= {"worker": _worker(), "search": _search()}
    except Error:
        return {"database": "does not answer"}
    return parts


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _missing_migrations() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return len(_on_disk())
        cursor.execute("SELECT app, name FROM django_migrations")
        return len(_on_disk() - set(cursor.fetchall()))


def _worker() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        silence = cursor.fetchone()[0]
        cursor.execute(
            "SELECT extract(epoch FROM %s - min(scheduled_at)) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at <= %s",
            [at := clock.now(), at],
        )
        lag = cursor.fetchone()[0]
    if silence is None or silence > SILENCE_SECONDS:
        return "no worker is running" if silence is None else f"no worker was heard of for {silence:.0f} s"
    return f"{lag:.0f} s behind" if lag and lag > LAG_SECONDS else "ok"


def _search() -> str:
    try:
        engine().generation()
    except EngineUnavailable:
        return "no index: search answers from the database"
    return "ok"
