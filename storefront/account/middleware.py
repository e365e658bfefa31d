"""A signed-in person's language and time zone rule the page; a guest's come from the cookie and the browser."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PreferenceMiddleware:
    """Stands after authentication and LocaleMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        machine = request.path.startswith(("/api/", "/webhooks/", "/static/", "/media/"))
        if not machine and request.user.is_authenticated:
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
