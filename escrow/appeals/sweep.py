"""Silence decides: an appeal that our team does not decide in time leaves the decision as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from core import locks
from core.actors import SYSTEM
from core.errors import Busy
from escrow.appeals import operations as appeals
from escrow.disputes.models import Appeal

MOST: Final = 500


def lapse_due(*, at: datetime) -> int:
    """End every appeal whose time is over, one at a time; how many."""
    done = 0
    for pk in list(Appeal.objects.due(at).order_by("due_at", "id").values_list("pk", flat=True)[:MOST]):
        try:
            done += _lapse(pk, at)
        except Busy:
            continue  # somebody is at it; it comes next time
    return done


@transaction.atomic
def _lapse(pk: int, at: datetime) -> bool:
    trade = Appeal.objects.values_list("dispute__hold__trade", flat=True).get(pk=pk)
    if trade not in locks.try_trades(trade):
        return False
    found = locks.rows(Appeal.objects.due(at).filter(pk=pk).select_related("dispute__hold"))
    for one in found:
        appeals.lapse(one, at=at, actor=SYSTEM)
    return bool(found)
