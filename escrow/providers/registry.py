"""From a code to its provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from escrow.providers.base import PaymentProvider
from escrow.providers.sandbox.provider import Sandbox

_sandbox: Callable[[], PaymentProvider] = Sandbox


@contextmanager
def sandbox_made_by(make: Callable[[], PaymentProvider]) -> Iterator[None]:
    """For simulations: within, this is the sandbox that everybody speaks to."""
    global _sandbox
    _sandbox = make
    try:
        yield
    finally:
        _sandbox = Sandbox


def codes() -> tuple[str, ...]:
    """Those with which we may have money. Stripe is one as soon as it has a key, also while new payments go elsewhere."""
    return ("sandbox", "stripe") if settings.STRIPE_SECRET_KEY else ("sandbox",)


def get(code: str | None = None) -> PaymentProvider:
    """The provider with this code, or the one that new payments use. KeyError for a code that we do not have."""
    code = code or settings.PAYMENT_PROVIDER
    if code == "sandbox":
        return _sandbox()
    if code == "stripe":
        from escrow.providers.stripe.provider import Stripe  # its SDK is large: only who uses it loads it

        return Stripe()
    raise KeyError(code)
