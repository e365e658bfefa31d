"""The header that says what a page may load is the library's, however it came about."""

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from backend.policy import PolicyMiddleware

HEADER = "Content-Security-Policy"


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]


def answered(view: object) -> HttpResponse:
    return PolicyMiddleware(view)(RequestFactory().get("/"))  # type: ignore[arg-type, return-value]


def test_every_answer_carries_the_policy_of_the_settings() -> None:
    parts = set(answered(plain)[HEADER].split("; "))
    assert parts == set(build_policy().split("; "))
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= parts


def test_a_nonce_that_was_asked_for_is_in_it() -> None:
    answer = answered(with_nonce)
    assert f"script-src 'self' 'nonce-{answer.content.decode()}'" in answer[HEADER]


def test_a_view_may_wish_for_more_or_for_none() -> None:
    assert "img-src 'self' data: https://tiles.example" in answered(csp_update({"img-src": "https://tiles.example"})(plain))[HEADER]
    assert HEADER not in answered(csp_exempt()(plain))


def test_a_nonce_after_the_header_is_refused() -> None:
    request = RequestFactory().get("/")
    PolicyMiddleware(plain)(request)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="not available"):
        str(request.csp_nonce)  # type: ignore[attr-defined]
