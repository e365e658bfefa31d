"""From a code to its provider."""

from django.conf import settings

from escrow.providers.base import PaymentProvider
from escrow.providers.sandbox.provider import Sandbox


def codes() -> tuple[str, ...]:
    return ("sandbox",)


def get(code: str | None = None) -> PaymentProvider:
    """The provider with this code, or the one that new payments use. KeyError for a code that we do not have."""
    code = code or settings.PAYMENT_PROVIDER
    if code == "sandbox":
        return Sandbox()
    raise KeyError(code)
