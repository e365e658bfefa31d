"""Asking “is it you?” before money moves: what was typed is kept, and goes on by itself after the password."""

from __future__ import annotations

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

from accounts.step_up import freshness


def ask_again_unless_fresh(request: HttpRequest) -> None:
    """allauth's middleware keeps the request, asks for the password (or passkey, or code), and sends it again."""
    if not freshness.is_fresh(request):
        raise ReauthenticationRequired
