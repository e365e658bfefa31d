"""Stripe's errors in our words. What may have acted is `unavailable` and is asked again; only what surely did nothing is `rejected`."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
import structlog
from django.db import transaction

from escrow.providers.base import ProviderDeclined, ProviderError, ProviderRejected, ProviderUnavailable

log = structlog.get_logger(__name__)
NOT_NOW = frozenset({"lock_timeout", "rate_limit", "idempotency_key_in_use"})  # refused in this moment only
LOST_ACCOUNT = frozenset({"account_invalid", "account_closed"})  # a seller who left us, as against a key of ours that does not fit


@contextmanager
def answering() -> Iterator[None]:
    """Around every call: nothing else leaves the adapter."""
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("Stripe was called inside a transaction, which cannot take back what Stripe does.")
    try:
        yield
    except stripe.StripeError as error:
        raise in_our_words(error) from error
    except ProviderError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as unreadable:
        log.exception("stripe_answer_unreadable")
        raise ProviderUnavailable("answer_unreadable", str(unreadable)) from unreadable


def in_our_words(error: stripe.StripeError) -> ProviderError:
    """429, 5xx, no answer and a refused key of ours may pass; the rest is Stripe's last word."""
    code = str(error.code or getattr(error.error, "code", None) or "")
    if isinstance(error, stripe.IdempotencyError):
        return ProviderRejected("key_reused", _words(error))
    if isinstance(error, stripe.APIConnectionError):
        return ProviderUnavailable("no_answer", _words(error))
    if isinstance(error, stripe.RateLimitError) or code in NOT_NOW:
        return ProviderUnavailable(code or "rate_limit", _words(error))
    if isinstance(error, stripe.CardError):
        return _of_card(error, code)
    if isinstance(error, stripe.InvalidRequestError):
        return ProviderRejected(code or f"invalid_{error.param or 'request'}", _words(error))
    if isinstance(error, stripe.PermissionError) and code in LOST_ACCOUNT:
        return ProviderRejected(code, _words(error))
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        log.error("stripe_key_refused", request=error.request_id)
        return ProviderUnavailable("not_authorised", _words(error))
    return ProviderUnavailable(code or f"http_{error.http_status or 'unknown'}", _words(error))


def _of_card(error: stripe.CardError, code: str) -> ProviderError:
    """402 is what Stripe also says when the request was fine but the money is not there."""
    body = error.error
    if body is not None and body.type == "card_error":
        return ProviderDeclined(str(getattr(body, "decline_code", None) or code or "card_declined"), _words(error))
    return ProviderRejected(code or "request_failed", _words(error))


def _words(error: stripe.StripeError) -> str:
    """Stripe's sentence and its request id, which its support asks for; never the body, which may hold personal data."""
    return f"{str(error.user_message or '')[:200]} {error.request_id or ''}".strip()
