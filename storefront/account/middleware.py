"""A signed-in person's language and time zone rule the page; a guest's come from the cookie and the browser."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

NOTED_EVERY_SECONDS = 60.0
MOST_REMEMBERED = 10_000


class ActivityMiddleware:
    """Notes for the list of sessions where and when somebody was last seen: at most once a minute from each process, for it costs five statements."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._noted: dict[tuple[str, int], float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (key := request.session.session_key) and request.user.is_authenticated and self._is_time((key, request.user.pk)):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_time(self, who: tuple[str, int]) -> bool:
        now = time.monotonic()
        if now - self._noted.get(who, float("-inf")) < NOTED_EVERY_SECONDS:
            return False
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[who] = now
        return True


class PreferenceMiddleware:
    """Stands after authentication and LocaleMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        machine = request.path.startswith(("/api/", "/webhooks/", "/static/", "/media/"))
        if not machine and request.user.is_authenticated:
            request.user.asked_in_request = {}  # type: ignore[attr-defined]  # see accounts.users.queries.asked_once
            if translation.get_language() != request.user.language:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language  # type: ignore[attr-defined]
            zone = request.user.time_zone
        else:
            zone = request.COOKIES.get("time_zone", "UTC")
        try:
            timezone.activate(zoneinfo.ZoneInfo(zone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
