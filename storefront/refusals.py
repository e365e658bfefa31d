"""What a page answers when an operation refuses and the view did not redraw its own form."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Kind, Refusal

HEADLINES = {
    Kind.FORBIDDEN: gettext_lazy("This is not yours to do"),
    Kind.ABSENT: gettext_lazy("There is nothing here"),
    Kind.GONE: gettext_lazy("This is over"),
    Kind.BUSY: gettext_lazy("One moment, please"),
    Kind.TOO_MANY: gettext_lazy("That was quick"),
}

MACHINES = ("/api/", "/_allauth/", "/webhooks/")


class RefusalMiddleware:
    """Turns a Refusal that a page view let through into a page with its sentence and status. The API has its own translation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not request.path.startswith(MACHINES):
            return not_this_way(request, allowed=response.get("Allow", ""))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal; None for every other exception."""
        if isinstance(error, DataError):  # NUL characters and numbers beyond every column that came past the forms
            return bad_request(request)
        if not isinstance(error, Refusal):
            return None
        if error.kind == Kind.ABSENT:
            raise Http404 from error
        response = error_page(
            request, status=int(error.kind), headline=str(HEADLINES.get(error.kind, _("This did not work"))), sentence=error.message
        )
        if error.retry_after_seconds:
            response["Retry-After"] = str(error.retry_after_seconds)
        return response


def error_page(request: HttpRequest, *, status: int, headline: str, sentence: str, kept: str = "") -> HttpResponse:
    """One of the designed error pages."""
    return render(request, "errors/page.html", {"headline": headline, "sentence": sentence, "kept": kept, "no_find": True}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return error_page(
        request,
        status=404,
        headline=_("There is nothing here"),
        sentence=_("The address may be mistyped, or the thing was removed. Search for it instead:"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return error_page(request, status=403, headline=_("This is not yours to do"), sentence=_("Sign in with the account that may, or go back."))


def not_this_way(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """An address that only a button calls, opened as a page: a bookmark, or the way back after signing in."""
    response = error_page(
        request, status=405, headline=_("This is no page"), sentence=_("A button leads here, and it was not pressed. Nothing was changed; go back.")
    )
    response["Allow"] = allowed
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return error_page(request, status=400, headline=_("We could not read that"), sentence=_("Go back and try again. Nothing was changed."))


def standing_alone(*, away: bool) -> HttpResponse:
    """When nothing may be asked of the database: a page that needs neither a person nor a basket."""
    headline = _("One moment, please") if away else _("Something broke on our side")
    sentence = (
        _("The market is waking up or very busy. Nothing was lost; reload this page in a few seconds.")
        if away
        else _("Nothing was half done. Go back and try again; if it stays, tell us when it happened.")
    )
    body = render_to_string("errors/alone.html", {"headline": headline, "sentence": sentence})
    response = HttpResponse(body, status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another session or an old tab."""
    return error_page(
        request,
        status=403,
        headline=_("This form is too old"),
        sentence=_("You signed in or out in the meantime, or cookies are switched off. Go back, reload the page and send it again."),
    )
