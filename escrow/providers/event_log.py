"""What a provider may offer beside the protocol: its own list of the messages that it wrote."""

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from escrow.providers.base import ObjectKind, ProviderEvent


@runtime_checkable
class KeepsEvents(Protocol):
    """For whoever missed a message. It lists only messages about `listed_kinds`, those about others cannot be compared."""

    listed_kinds: frozenset[ObjectKind]
    keeps_events_for: timedelta

    def list_events(self, *, since: datetime, after: str = "", limit: int = 100) -> list[ProviderEvent]:
        """Oldest first: written at `since` or later, and after the one with the id `after`. Sent, delayed and lost ones alike."""
