"""What a browser may load and run on our pages: the header of django-csp, written once for all answers that wish for nothing of their own."""

from __future__ import annotations

from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

OWN = frozenset({"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"})


class PolicyMiddleware(CSPMiddleware):
    """The library puts the same forty words together for every answer, twice; only a nonce or a view's own wish changes them."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The kept header, or the library's work."""
        if hasattr(request, "_csp_nonce") or not OWN.isdisjoint(vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]  # too late for one
        return response

    @cached_property
    def _usual(self) -> str:
        return str(build_policy())
