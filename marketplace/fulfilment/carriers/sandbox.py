"""The sandbox carrier: plays a parcel's journey by the clock, the same one for the same number. It reaches no network.

Numbers that contain LOST are never heard of again after the depot; BACK travel home; WAIT are tried once at a closed door first.
"""

from datetime import datetime, timedelta

from django.conf import settings

from marketplace.fulfilment.carriers.base import CarrierEvent, Parcel

ARRIVES = (
    ("pending", "Announced to the carrier", "origin"),
    ("picked_up", "Accepted", "origin"),
    ("in_transit", "On the road", ""),
    ("in_transit", "Sorting centre", "destination"),
    ("out_for_delivery", "Out for delivery", "destination"),
    ("delivered", "Handed over and signed", "destination"),
)
LOST = ARRIVES[:3]
BACK = (*ARRIVES[:5], ("delivery_failed", "Nobody opened", "destination"), ("return_to_sender", "On its way back", "origin"))
WAIT = (*ARRIVES[:5], ("delivery_failed", "Nobody opened", "destination"), *ARRIVES[4:])


class SandboxCarrier:
    code = "sandbox"
    name = "Souk Parcel"
    gives_numbers = True

    def new_number(self, reference: str) -> str:
        return f"SP{reference}"

    def events(self, parcel: Parcel, *, at: datetime) -> list[CarrierEvent]:
        places = {"origin": parcel.origin, "destination": parcel.destination}
        return [
            CarrierEvent(key=f"{index}", state=state, occurred_at=moment, words=words, place=places.get(where, ""))
            for index, (state, words, where) in enumerate(_journey(parcel.tracking_number))
            if (moment := parcel.sent_at + self.ask_again_after() * index) <= at
        ]

    def ask_again_after(self) -> timedelta:
        return timedelta(seconds=settings.SOUK_SANDBOX_CARRIER_SECONDS)


def _journey(number: str) -> tuple[tuple[str, str, str], ...]:
    if "LOST" in number:
        return LOST
    if "BACK" in number:
        return BACK
    return WAIT if "WAIT" in number else ARRIVES
