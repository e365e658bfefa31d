"""The port to carriers. An adapter answers one question: what has happened to this parcel so far?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """`key` is the carrier's own name of the event: the same event may be told many times."""

    key: str
    state: str  # one of fulfilment's twelve
    occurred_at: datetime
    words: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an adapter may know about a parcel: never who is in it for whom."""

    reference: str
    tracking_number: str
    sent_at: datetime
    origin: str
    destination: str


class Carrier(Protocol):
    code: str
    name: str
    gives_numbers: bool

    def new_number(self, reference: str) -> str:
        """A fresh label's number, for carriers that give them."""

    def events(self, parcel: Parcel, *, at: datetime) -> list[CarrierEvent]:
        """Everything that the carrier reports up to `at`, oldest first."""

    def ask_again_after(self) -> timedelta:
        """How long to wait before asking again."""
