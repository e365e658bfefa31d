"""Who does something: the one word that operations, events and ledger entries keep about a person or a machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["user", "guest", "staff", "system", "provider", "carrier"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`reference` is the person's public reference (empty for machines); `label` is never shown to the public."""

    kind: ActorKind
    reference: str = ""
    label: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference}" if self.reference else self.kind


SYSTEM = Actor("system")
PROVIDER = Actor("provider")
CARRIER = Actor("carrier")
