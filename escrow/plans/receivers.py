"""How plans follow the holds of their parts. Holds of other trades cost nothing here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from escrow.holds.models import Hold
from escrow.holds.signals import hold_expired, hold_funded, hold_refunded, hold_released
from escrow.plans import operations as plans


@receiver(hold_funded, dispatch_uid="note_part_paid_when_hold_funded")
def note_part_paid_when_hold_funded(*, hold: Hold, at: datetime, **_rest: Any) -> None:
    if hold.planned:
        plans.mark_held(hold=hold, at=at)


@receiver(hold_expired, dispatch_uid="ask_again_when_hold_expired")
def ask_again_when_hold_expired(*, hold: Hold, at: datetime, **_rest: Any) -> None:
    if hold.planned:
        plans.mark_unpaid(hold=hold, at=at)


@receiver((hold_released, hold_refunded), dispatch_uid="note_part_ended_when_hold_decided")
def note_part_ended_when_hold_decided(*, hold: Hold, at: datetime, final: bool, **_rest: Any) -> None:
    if final and hold.planned:
        plans.mark_decided(hold=hold, at=at)
