"""From a code to its provider."""

from django.conf import settings

from escrow.providers.base import PaymentProvider
from escrow.providers.sandbox.provider import Sandbox


def codes() -> tuple[str, ...]:
    """Those with which we may have money. Stripe is one as soon as it has a key, also while new payments go elsewhere."""
    return ("sandbox", "stripe") if settings.STRIPE_SECRET_KEY else ("sandbox",)


def get(code: str | None = None) -> PaymentProvider:
    """The provider with this code, or the one that new payments use. KeyError for a code that we do not have."""
    code = code or settings.PAYMENT_PROVIDER
    if code == "sandbox":
        return Sandbox()
    if code == "stripe":
        from escrow.providers.stripe.provider import Stripe  # its SDK is large: only who uses it loads it

        return Stripe()
    raise KeyError(code)
