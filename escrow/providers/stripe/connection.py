"""The one client of the process: key, pinned version, address, time limits, and a pause after Stripe has been silent."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

API_VERSION = "2026-10-28.endive"  # the SDK's own: another one is a decision, with the changelog read
CONNECT_SECONDS, READ_SECONDS = 2.0, 10.0
RETRIES = 1  # by the SDK, with the same idempotency key; later tries belong to the jobs
SILENCES, PAUSE_SECONDS = 5, 30.0

stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.WARNING)  # two lines a call, and errors that may quote what people typed

SILENCE: Any = stripe.APIConnectionError  # untyped in the SDK
_given: list[stripe.StripeClient] = []


def client() -> stripe.StripeClient:
    """The client of the settings, or the one that a test has put in its place."""
    return _given[-1] if _given else _built(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def is_live() -> bool:
    """Whether the key moves real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


@contextmanager
def using(other: stripe.StripeClient) -> Iterator[None]:
    """Speak through another client for a while."""
    _given.append(other)
    try:
        yield
    finally:
        _given.remove(other)


def built(key: str, base: str, http: stripe.HTTPClient, *, retries: int = RETRIES) -> stripe.StripeClient:
    """A client for this key; `base` replaces all of Stripe's addresses."""
    addresses: Any = dict.fromkeys(("api", "files", "connect", "meter_events"), base) if base else {}
    return stripe.StripeClient(key, stripe_version=API_VERSION, base_addresses=addresses, max_network_retries=retries, http_client=http)


@lru_cache(maxsize=4)
def _built(key: str, base: str) -> stripe.StripeClient:
    return built(key, base, PausingClient(timeout=(CONNECT_SECONDS, READ_SECONDS)))


class Circuit:
    """Open after some silences in a row: for half a minute nobody waits for Stripe. Then one call tries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._silences = 0
        self._closed_until = 0.0

    def allows(self, now: float) -> bool:
        with self._lock:
            if self._silences < SILENCES:
                return True
            if now < self._closed_until:
                return False
            self._closed_until = now + PAUSE_SECONDS  # this caller tries; the others go on waiting
            return True

    def note(self, *, answered: bool, now: float) -> None:
        with self._lock:
            self._silences = 0 if answered else self._silences + 1
            self._closed_until = now + PAUSE_SECONDS


class PausingClient(stripe.RequestsClient):
    """The SDK's own HTTP client behind the circuit."""

    def __init__(self, *, timeout: tuple[float, float]) -> None:
        super().__init__(timeout=timeout)
        self.circuit = Circuit()

    def request(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_more: Any) -> Any:
        if not self.circuit.allows(time.monotonic()):
            raise SILENCE("Stripe has not answered for a while; waiting before the next try.", should_retry=False)
        try:
            answer = super().request(method, url, headers, post_data)
        except stripe.APIConnectionError:
            self.circuit.note(answered=False, now=time.monotonic())
            raise
        self.circuit.note(answered=answer[1] < 500, now=time.monotonic())
        return answer
