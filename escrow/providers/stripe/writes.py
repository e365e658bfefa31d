"""Every write happens once: by Stripe's idempotency key, and after Stripe has forgotten that, by looking for what was done.

Stripe keeps a key for a day, together with the answer, also when that was a 500. So a write that was first asked longer ago is looked
for by its key in the metadata, and only if it is not there, asked again under the key of that day.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import stripe

from core import clock
from escrow.providers.base import Metadata

KEY = "souk_key"
REMEMBERED = timedelta(hours=23)  # an hour less than Stripe promises
SLACK = timedelta(minutes=5)  # between Stripe's clock and ours

Found = TypeVar("Found", bound=stripe.StripeObject)


def once(
    *,
    key: str,
    asked_at: datetime | None,
    write: Callable[[stripe.RequestOptions], Found],
    search: Callable[[], Iterable[Found]],
    account: str = "",
) -> Found:
    """The object that this key stands for. `search` lists the objects among which an older one would be."""
    days = (clock.now() - asked_at) // REMEMBERED if asked_at else 0
    if days > 0:
        for candidate in search():
            if words(candidate).get(KEY) == key:
                return candidate
    return write(options(key if days <= 0 else f"{key}#{days}", account))


def options(key: str = "", account: str = "") -> stripe.RequestOptions:
    """Request options: the key of a write, and the connected account that it acts in."""
    chosen: stripe.RequestOptions = {}
    if key:
        chosen["idempotency_key"] = key
    if account:
        chosen["stripe_account"] = account
    return chosen


def stamped(key: str, metadata: Metadata, **more: str) -> dict[str, str]:
    """The metadata of a new object: the caller's, and the key. Stripe takes an empty value for a removal, so none is sent."""
    return {name: value for name, value in {**metadata, **more, KEY: key}.items() if value}


def words(thing: Any) -> dict[str, str]:
    """An object's metadata without our stamp's name."""
    metadata = getattr(thing, "metadata", None)
    return {str(name): str(value) for name, value in metadata.to_dict().items()} if metadata else {}


def since(asked_at: datetime | None) -> int:
    """From when on an older object may have been made, in Stripe's seconds."""
    return int(((asked_at or clock.now()) - SLACK).timestamp())
