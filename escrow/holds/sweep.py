"""Silence decides: every hold whose deadline passed makes its move, in batches that never wait for anybody.

Trades are locked first, without waiting (the busy ones come next time); then their rows, and every guard is checked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from core import crashes, locks
from core.actors import SYSTEM
from core.errors import Busy
from escrow.holds import booking, operations, signals, timers
from escrow.holds.models import Hold
from escrow.holds.moves import locked
from escrow.holds.states import UNDECIDED, Outcome, Reason, State

BATCH: Final = 50
CANDIDATES: Final = 4 * BATCH
TRY_AGAIN_AFTER: Final = timedelta(minutes=10)
WHICH = {State.FUNDED: "ship", State.SHIPPED: "arrival", State.DELIVERED: "inspection"}
log = structlog.get_logger(__name__)


def move_due(*, at: datetime, most: int = 100_000) -> Counter[str]:
    """Make every move that is due at `at`; returns how many of each, and `failed` for those that are set aside for ten minutes."""
    done: Counter[str] = Counter()
    while done.total() < most:
        moved = _release_batch(at) or _move_one_by_one(at)
        if not moved:
            break
        done += moved
    return done


def _due_releases(at: datetime) -> Iterable[tuple[int, str]]:
    due = Hold.objects.due(at).filter(state=State.DELIVERED, due_move=timers.RELEASE).order_by("due_at", "id")
    return due.values_list("pk", "trade")[:CANDIDATES]


def _release_batch(at: datetime) -> Counter[str]:
    candidates = dict(_due_releases(at))
    if not candidates:
        return Counter()
    try:
        with transaction.atomic():
            free = locks.try_trades(*candidates.values(), at_most=BATCH)
            holds = _still_due([pk for pk, trade in candidates.items() if trade in free], at)
            if holds:
                booking.pay_rest(holds, reason="silence", actor=SYSTEM, at=at)
                crashes.point("hold.sweep_done")
    except Exception:
        log.exception("release_batch_failed", holds=len(candidates))
        return _each_alone(candidates, at)
    return Counter({timers.RELEASE: len(holds)} if holds else {})


def _still_due(ids: Iterable[int], at: datetime) -> list[Hold]:
    due = Hold.objects.due(at).filter(pk__in=list(ids), due_move=timers.RELEASE, state=State.DELIVERED)
    return list(due.order_by("pk").select_for_update(skip_locked=True))


def _move_one_by_one(at: datetime) -> Counter[str]:
    due = Hold.objects.due(at).exclude(due_move=timers.RELEASE).order_by("due_at", "id")
    return _each_alone(due.values_list("pk", "trade")[:BATCH], at)


def _each_alone(candidates: Iterable[tuple[int, str]] | dict[int, str], at: datetime) -> Counter[str]:
    done: Counter[str] = Counter()
    for pk in list(dict(candidates)):
        try:
            done[_move(pk, at)] += 1
        except Busy:
            done["busy"] += 0  # somebody is at it; it comes next time
        except Exception:
            log.exception("hold_timer_failed", hold=pk)
            Hold.objects.filter(pk=pk).update(retry_at=at + TRY_AGAIN_AFTER)
            done["failed"] += 1
    return +Counter({name: count for name, count in done.items() if name})


@transaction.atomic
def _move(pk: int, at: datetime) -> str:
    hold = locked(Hold.objects.get(pk=pk))
    if not Hold.objects.due(at).filter(pk=pk).exists():
        return ""
    move = hold.due_move
    if move in (timers.FORCE, timers.SETTLE):
        _force(hold, at)
    elif move == timers.REFUND:
        operations.refund(hold=hold, reason="late_shipment", actor=SYSTEM, at=at)
    elif move == timers.DISPUTE:
        operations.open_issue(hold=hold, reason=Reason.NOT_RECEIVED, actor=SYSTEM, at=at)
    elif move == timers.RELEASE:
        operations.release(hold=hold, reason="silence", actor=SYSTEM, at=at)
    elif move == timers.CLOSE:
        return timers.CLOSE if operations.close(hold=hold, actor=SYSTEM, at=at) else "waiting"
    return move


def _force(hold: Hold, at: datetime) -> None:
    """Nobody decided in time: what was never sent goes back, the rest is paid."""
    outcome = Outcome.RELEASE if hold.was_sent else Outcome.REFUND
    if hold.state == State.DISPUTED:
        operations.settle_issue(hold=hold, outcome=outcome, reason="silence", actor=SYSTEM, at=at)
    elif outcome == Outcome.RELEASE:
        operations.release(hold=hold, reason="provider_limit", actor=SYSTEM, at=at)
    else:
        operations.refund(hold=hold, reason="provider_limit", actor=SYSTEM, at=at)


def remind(*, at: datetime, most: int = 10_000) -> int:
    """Announce every deadline that comes near, once."""
    done = 0
    for pk in list(Hold.objects.to_remind(at).order_by("remind_at").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            done += _remind(pk, at)
    return done


def _remind(pk: int, at: datetime) -> bool:
    row = Hold.objects.get(pk=pk)
    if row.trade not in locks.try_trades(row.trade):
        return False
    hold = Hold.objects.to_remind(at).filter(pk=pk, state__in=UNDECIDED).select_for_update(skip_locked=True).first()
    if hold is None:
        return False
    hold.remind_at = None
    hold.save(update_fields=["remind_at"])
    signals.hold_reminder_due.send(Hold, hold=hold, which=WHICH[State(hold.state)], at=at)
    return True
