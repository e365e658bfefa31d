"""Stripe's messages: genuine or refused, then reduced to which object they are about."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

import stripe
from django.conf import settings
from stripe.params import EventListParams

from escrow.providers.base import ObjectKind, ProviderEvent, SignatureInvalid
from escrow.providers.signatures import is_genuine
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import answering
from escrow.providers.stripe.sellers import payout_ref

# Beginning of the event's name → what it is about. The first that fits.
PLATFORM: tuple[tuple[str, ObjectKind], ...] = (
    ("checkout.session.", "payment"),
    ("payment_intent.", "payment"),
    ("charge.dispute.", "dispute"),
    ("charge.refund.", "refund"),
    ("refund.", "refund"),
    ("transfer.", "transfer"),
    ("account.updated", "account"),
)
CONNECTED: tuple[tuple[str, ObjectKind], ...] = (
    ("payout.", "payout"),
    ("account.", "account"),
    ("capability.", "account"),
    ("person.", "account"),
)

# Of our own account. What connected accounts say is not in our list: their payouts and answers are found by asking again.
LISTED: Final[frozenset[ObjectKind]] = frozenset({"payment", "refund", "transfer", "dispute"})
KEPT: Final = timedelta(days=30)
PAGE: Final = 100


def written(*, since: datetime, after: str, limit: int) -> list[ProviderEvent]:
    """Stripe pages from the newest to the oldest; with a place to go on from, the other way round."""
    params: EventListParams = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
    with answering():
        if after:
            newer = client().v1.events.list({**params, "ending_before": after}).auto_paging_iter()
            return list(islice(_ours(newer), limit))
        oldest = deque(_ours(client().v1.events.list(params).auto_paging_iter()), maxlen=limit)
        return list(reversed(oldest))


def _ours(listed: Iterable[stripe.Event]) -> Iterator[ProviderEvent]:
    for one in listed:
        told = _event(one.to_dict())
        if told.object_kind in LISTED:
            yield told


def parse(*, payload: bytes, signature: str, at: datetime) -> ProviderEvent:
    """One of our secrets signed exactly these bytes in the last five minutes, or it is refused."""
    if not is_genuine(payload=payload, header=signature, secrets=settings.STRIPE_WEBHOOK_SECRETS, at=at):
        raise SignatureInvalid("signature_invalid")
    try:
        return _event(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as problem:
        raise SignatureInvalid("payload_malformed") from problem


def _event(body: dict[str, Any]) -> ProviderEvent:
    name, account = str(body["type"]), str(body.get("account") or "")
    thing = body["data"]["object"]
    kind = _kind(name, CONNECTED if account else PLATFORM)
    own_ref = str(thing.get("id") or "")
    if kind != "other" and not (account or own_ref):
        raise KeyError("id")
    return ProviderEvent(
        event_id=_text(body["id"]),
        name=name,
        object_kind=kind,
        object_ref=payout_ref(account, own_ref) if kind == "payout" else account if account else own_ref,
        livemode=_flag(body["livemode"]),
        created_at=datetime.fromtimestamp(int(body["created"]), UTC),
    )


def _kind(name: str, table: tuple[tuple[str, ObjectKind], ...]) -> ObjectKind:
    for beginning, kind in table:
        if name.startswith(beginning):
            return kind
    return "other"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("text expected")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false expected")
    return value
