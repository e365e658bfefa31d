"""Every sign-in counts as a proof, whichever door it came through."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.step_up import freshness


@receiver(user_logged_in, dispatch_uid="note_proof_when_user_logged_in")
def note_proof_when_user_logged_in(*, request: HttpRequest | None, **_rest: Any) -> None:
    """From now on for five minutes."""
    if request is not None and hasattr(request, "session"):
        freshness.stamp(request)
