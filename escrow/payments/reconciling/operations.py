"""Comparing, and healing what can be healed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import QuerySet

from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import ProviderMovement, Reconciliation, WebhookEvent
from escrow.payments.operations import PaymentUnavailable
from escrow.payments.settlement import operations as settlement
from escrow.payments.webhooks import operations as webhooks
from escrow.providers import registry
from escrow.providers.base import BalanceTransaction, ProviderEvent, ProviderUnavailable
from escrow.providers.event_log import KeepsEvents

LOOK_BACK = timedelta(days=4)  # a message that is three days late is still expected
RECENT = timedelta(hours=2)
LONGEST = timedelta(days=30)  # no provider keeps its messages for longer
ON_ITS_WAY = timedelta(minutes=5)  # younger ones may simply not have arrived
PAGE = 500

Thing = Literal["message", "line"]
Fault = Literal["missing", "altered", "extra"]
Facts = tuple[Any, ...]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """`missing`: the provider has it and we do not; `altered`: both have it, and it is not the same; `extra`: only we have it."""

    provider: str
    thing: Thing
    fault: Fault
    ref: str
    theirs: ProviderEvent | BalanceTransaction | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, str]:
        return {"provider": self.provider, "thing": self.thing, "fault": self.fault, "ref": self.ref}


def differences(*, provider: str, since: datetime, at: datetime) -> list[Difference]:
    """Every difference about what was written at the provider at `since` or later, in a fixed order. Reads only."""
    return sorted([*_in_messages(provider, since, at), *_in_lines(provider, since, at)])


def everywhere(*, since: datetime, at: datetime, healing: bool = False) -> list[Difference]:
    """The same at every provider, for whoever asks; heals as well if told to. PaymentUnavailable when one does not answer."""
    found: list[Difference] = []
    try:
        for code in registry.codes():
            found += differences(provider=code, since=since, at=at)
            if healing:
                heal(provider=code, at=at)
    except ProviderUnavailable as silent:
        raise PaymentUnavailable from silent
    return found


def heal_since_last(*, provider: str, at: datetime) -> list[Difference]:
    """The same about everything since the last time that this went through, with overlap: after a long silence, a long look back."""
    last = Reconciliation.objects.filter(provider=provider).values_list("until", flat=True).first()
    back = min(max(at - last + RECENT, RECENT), LONGEST) if last else LOOK_BACK
    found = heal(provider=provider, at=at, back=back)
    Reconciliation.objects.update_or_create(provider=provider, defaults={"until": at})
    return found


def heal(*, provider: str, at: datetime, back: timedelta = LOOK_BACK) -> list[Difference]:
    """Take in what is missing, and put the rest before a person, once. Answers with all that was found."""
    found = differences(provider=provider, since=at - back, at=at)
    for one in found:
        if one.fault != "missing":
            exceptions.report(provider=provider, kind=f"{one.thing}_{one.fault}", object_ref=one.ref, at=at)
        elif isinstance(one.theirs, ProviderEvent):
            webhooks.take_in(provider=provider, event=one.theirs, at=at)
        elif isinstance(one.theirs, BalanceTransaction):
            settlement.take_in(provider=provider, lines=[one.theirs])
    return found


def _in_messages(provider: str, since: datetime, at: datetime) -> Iterator[Difference]:
    asked = registry.get(provider)
    if not isinstance(asked, KeepsEvents):
        return
    since = max(since, at - asked.keeps_events_for)
    theirs = _pages(lambda after: asked.list_events(since=since, after=after, limit=PAGE), lambda event: event.event_id)
    ours = WebhookEvent.objects.filter(provider=provider)
    seen: set[str] = set()
    for page in theirs:
        told = {event.event_id[:80]: event for event in page}
        seen |= told.keys()
        known = {row[0]: row[1:] for row in ours.filter(event_id__in=told).values_list("event_id", "name", "object_kind", "object_ref", "livemode")}
        facts = {ref: (event.name[:60], str(event.object_kind)[:20], event.object_ref[:80], event.livemode) for ref, event in told.items()}
        yield from _unlike(provider, "message", known, facts, {ref: event for ref, event in told.items() if event.created_at <= at - ON_ITS_WAY})
    comparable = ours.filter(received_at__gte=since, object_kind__in=asked.listed_kinds)
    for ref, payload in comparable.exclude(event_id__in=seen).values_list("event_id", "payload"):
        if _written(payload) > int(since.timestamp()):  # the provider says whole seconds
            yield Difference(provider, "message", "extra", ref)


def _in_lines(provider: str, since: datetime, at: datetime) -> Iterator[Difference]:
    asked = registry.get(provider)
    theirs = _pages(lambda after: asked.list_balance_transactions(since=since, after=after, limit=PAGE), lambda line: line.ref)
    ours: QuerySet[ProviderMovement] = ProviderMovement.objects.filter(provider=provider)
    seen: set[str] = set()
    for page in theirs:
        told = {line.ref: line for line in page}
        seen |= told.keys()
        rows = ours.filter(ref__in=told).values_list("ref", "kind", "source_ref", "currency", "gross_minor", "fee_minor")
        facts = {ref: (line.kind, line.source_ref, line.gross.currency, line.gross.amount_minor, line.fee.amount_minor) for ref, line in told.items()}
        old_enough = {ref: line for ref, line in told.items() if line.created_at <= at - ON_ITS_WAY}
        yield from _unlike(provider, "line", {row[0]: row[1:] for row in rows}, facts, old_enough)
    for ref in ours.filter(created_at__gte=since).exclude(ref__in=seen).values_list("ref", flat=True):
        yield Difference(provider, "line", "extra", ref)


def _unlike(provider: str, thing: Thing, ours: dict[str, Facts], theirs: dict[str, Facts], expected: dict[str, Any]) -> Iterator[Difference]:
    for ref, facts in theirs.items():
        if ref in ours and ours[ref] != facts:
            yield Difference(provider, thing, "altered", ref)
        elif ref not in ours and ref in expected:
            yield Difference(provider, thing, "missing", ref, expected[ref])


def _pages(ask: Callable[[str], list[Any]], name: Callable[[Any], str]) -> Iterable[list[Any]]:
    after = ""
    while page := ask(after):
        yield page
        after = name(page[-1])


def _written(payload: str) -> int:
    """When the provider wrote a message, by its own words; one that does not say is taken for new."""
    try:
        return int(json.loads(payload)["created"])
    except (ValueError, KeyError, TypeError):
        return 2**62
