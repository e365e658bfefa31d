"""The switches: chance decides, but the same chance each time for the same seed."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import F, QuerySet

from core.compiled import compiled
from escrow.providers.base import ProviderUnavailable
from escrow.providers.sandbox.models import SandboxSwitches

NAMES = (
    *("decline", "challenge", "duplicate", "delay", "reorder", "drop", "error_after_success"),
    *("refund_failure", "refund_delay", "payout_failure", "dispute", "dispute_loss"),
)


def current() -> SandboxSwitches:
    """The one row (defaults until somebody changes them)."""
    return next(iter(_row(1)), None) or SandboxSwitches.objects.get_or_create(pk=1)[0]


@compiled
def _row(key: int) -> QuerySet[SandboxSwitches]:
    return SandboxSwitches.objects.filter(pk=key)


def configure(**values: int) -> SandboxSwitches:
    """Set switches by name, for tests, the demo and simulations; chances in per mille."""
    row, _made = SandboxSwitches.objects.update_or_create(pk=1, defaults=values)
    return row


def strikes(name: str, *, per_mille: int | None = None) -> bool:
    """Whether this fault happens now. A fault that is switched off or certain draws nothing, so runs without faults stay equal."""
    row = current()
    chance = getattr(row, name) if per_mille is None else per_mille
    if chance <= 0 or chance >= 1000:
        return chance >= 1000
    SandboxSwitches.objects.filter(pk=1).update(draws=F("draws") + 1)
    row.refresh_from_db(fields=["draws"])
    return random.Random(f"{row.seed}:{row.draws}:{name}").randrange(1000) < chance  # noqa: S311 (a simulation, not a secret)


@contextmanager
def losing_answers() -> Iterator[None]:
    """After the work is committed, sometimes say nothing: the caller cannot know that it happened."""
    yield
    if strikes("error_after_success"):
        raise ProviderUnavailable("no_answer", "the sandbox acted and did not answer")
