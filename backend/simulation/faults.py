"""Everything that can go wrong between us and a bank, drawn from the seed: and whether every trace of it is explained afterwards.

The one place that breaks records on purpose: at the very end, to see that the reconciler finds exactly those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from backend.simulation.calendar import Calendar, Life
from core import crashes
from escrow.chargebacks.models import Chargeback
from escrow.payments import sandbox_bank
from escrow.payments.models import PaymentException, ProviderMovement, WebhookEvent
from escrow.payments.reconciling import operations as reconciling
from escrow.payments.reconciling.operations import Difference

PROVIDER = "sandbox"
PER_MILLE = {
    "duplicate": 250,
    "delay": 250,
    "reorder": 150,
    "drop": 150,
    "error_after_success": 150,
    "challenge": 80,
    "refund_failure": 30,
    "refund_delay": 150,
    "payout_failure": 40,
    "dispute": 150,
}
LATEST_REGRET = timedelta(days=40)  # while the goods are on their way, and long after the seller was paid
BUSY = 0.05  # of all questions to the bank: 429 or 500, nothing done
DEADLY = 0.004  # of all passes through a named crash point
LATEST = timedelta(days=3)
WEATHER_CHANGES = timedelta(hours=6)
EACH = 5  # records broken of each kind
NO_END = timedelta(days=36_500)
BROKEN = "FAULT"


class Storm:
    """Blows while the market lives, and then breaks some records itself."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"{seed}:faults")  # noqa: S311  # a simulation repeats itself on purpose
        self.struck: Counter[str] = Counter()
        self.over = False

    @contextmanager
    def blowing(self, calendar: Calendar) -> Iterator[None]:
        """From now on until the end of the block; messages that are late by then still arrive late."""
        sandbox_bank.configure(**PER_MILLE)
        calendar.enter(self._weather(), at=calendar.at)
        with sandbox_bank.hindered(self._is_busy), crashes.befalling(self._dies):
            yield
        self.over = True
        sandbox_bank.configure(**dict.fromkeys(PER_MILLE, 0))

    def _weather(self) -> Life:
        """How late the late ones are changes all the time, so that messages overtake each other."""
        while not self.over:
            late, regret = (self._chance.randint(0, int(most.total_seconds())) for most in (LATEST, LATEST_REGRET))
            sandbox_bank.configure(delay_seconds=late, dispute_seconds=regret)
            yield WEATHER_CHANGES

    def _is_busy(self, question: str) -> bool:
        return self._strikes("busy", BUSY)

    def _dies(self, point: str) -> bool:
        return self._strikes("killed", DEADLY)

    def _strikes(self, name: str, share: float) -> bool:
        hit = self._chance.random() < share
        self.struck[name] += hit
        return hit

    def told(self, *, deaths: int, at: datetime) -> dict[str, Any]:
        """What happened, and what of it nobody can explain."""
        unexplained = [*_unexplained(), *map(_line, _differences(at))]
        injected = self._break_records(at)
        listed = _differences(at)
        missed = [_line(one) for one in injected if one not in listed]
        invented = [_line(one) for one in listed if one not in injected]
        return {
            "struck": {**dict(sorted(self.struck.items())), "deaths_of_workers": deaths},
            "cases_of_banks": dict(Counter(Chargeback.objects.order_by("state").values_list("state", flat=True))),
            "messages": WebhookEvent.objects.count(),
            "messages_taken_in_by_the_reconciler": WebhookEvent.objects.filter(payload__contains='"listed": true').count(),
            "lines": ProviderMovement.objects.count(),
            "before_a_person": dict(Counter(PaymentException.objects.order_by("kind").values_list("kind", flat=True))),
            "injected": [one.as_json() for one in injected],
            "listed": [one.as_json() for one in listed],
            "violations": [
                *(f"unexplained: {words}" for words in unexplained),
                *(f"the reconciler did not list {words}" for words in missed),
                *(f"the reconciler listed {words}" for words in invented),
            ],
        }

    def _break_records(self, at: datetime) -> list[Difference]:
        """Forget some of our copies, change some, and add some that the bank never wrote."""
        all_messages = list(WebhookEvent.objects.order_by("event_id").values_list("event_id", flat=True))
        all_lines = list(ProviderMovement.objects.order_by("ref").values_list("ref", flat=True))
        each = min(EACH, len(all_messages) // 2, len(all_lines) // 2)  # a short life leaves few
        if not each:
            return []
        messages, lines = self._chance.sample(all_messages, 2 * each), self._chance.sample(all_lines, 2 * each)
        of_messages = WebhookEvent.objects.filter(provider=PROVIDER)
        of_lines = ProviderMovement.objects.filter(provider=PROVIDER)
        model = of_messages.filter(event_id=messages[-1]).values().get() | {"received_at": at}
        of_messages.filter(event_id__in=messages[:each]).delete()
        of_messages.filter(event_id__in=messages[each:]).update(object_ref=BROKEN)
        pattern = of_lines.filter(ref=lines[-1]).values().get()
        of_lines.filter(ref__in=lines[:each]).delete()
        for ref in lines[each:]:
            of_lines.filter(ref=ref).update(gross_minor=self._chance.randint(10**9, 10**10))
        extra = [f"{BROKEN}{number}" for number in range(each)]
        WebhookEvent.objects.bulk_create(WebhookEvent(**{**model, "id": None, "event_id": ref}) for ref in extra)
        ProviderMovement.objects.bulk_create(ProviderMovement(**{**pattern, "id": None, "ref": ref}) for ref in extra)
        faults = ("missing",) * each + ("altered",) * each + ("extra",) * each
        broken = [Difference(PROVIDER, "message", fault, ref) for fault, ref in zip(faults, [*messages, *extra], strict=True)]  # type: ignore[arg-type]
        broken += [Difference(PROVIDER, "line", fault, ref) for fault, ref in zip(faults, [*lines, *extra], strict=True)]  # type: ignore[arg-type]
        return sorted(broken)


def _differences(at: datetime) -> list[Difference]:
    return reconciling.differences(provider=PROVIDER, since=at - NO_END, at=at)


def _line(one: Difference) -> str:
    return f"{one.thing} {one.ref} is {one.fault}"


def _unexplained() -> list[str]:
    """Messages that nobody read, lines without an entry, and jobs that were given up."""
    messages = WebhookEvent.objects.exclude(state=WebhookEvent.State.DONE).order_by("id")
    lines = ProviderMovement.objects.filter(entry_key="").order_by("id")
    suspense = ProviderMovement.objects.filter(entry_key__startswith="unexplained:").order_by("id")
    told = [f"message {row.event_id} about {row.object_kind} {row.object_ref} is {row.state}" for row in messages]
    told += [f"line {row.ref} of {row.kind} {row.source_ref} has no entry" for row in lines]
    return told + [f"line {row.ref} of {row.kind} {row.source_ref} lies in suspense" for row in suspense]
