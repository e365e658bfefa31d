"""Silence decides about parts: reminders, and the end of the days of grace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from core import locks, rows
from core.errors import Busy
from escrow.plans import following, operations, schedule, signals
from escrow.plans.models import Plan, PlanPart
from escrow.plans.states import UNPAID, PartState, PlanState

BATCH: Final = 500
WAIT_FOR_ISSUE: Final = timedelta(days=1)
log = structlog.get_logger(__name__)


def move_due(*, at: datetime) -> Counter[str]:
    """Remind, and end the plans of parts that were never paid; how many of each."""
    late = PlanPart.objects.missed(at).order_by("decide_at").values_list("pk", "plan__trade")[:BATCH]
    near = PlanPart.objects.to_remind(at).order_by("remind_at").values_list("pk", "plan__trade")[:BATCH]
    done: Counter[str] = Counter()
    for name, move, found in (("missed", _miss, list(late)), ("reminded", _remind, list(near))):
        for pk, trade in found:
            done[name] += _alone(move, pk, trade, at)
    return +done


def _alone(move: Callable[[int, datetime], bool], pk: int, trade: str, at: datetime) -> int:
    """One stubborn part must not stop the rest; the next minute tries it again."""
    try:
        with transaction.atomic():
            return int(trade in locks.try_trades(trade) and move(pk, at))
    except Busy:
        return 0
    except Exception:
        log.exception("plan_timer_failed", part=pk)
        return 0


def _miss(pk: int, at: datetime) -> bool:
    part = PlanPart.objects.missed(at).filter(pk=pk).first()
    if part is None:
        return False
    _plan, parts = operations.locked(part.plan_id)
    if following.is_disputed(parts):  # nobody pays while an issue is open: the days of grace wait for its end
        rows.update(part, decide_at=at + WAIT_FOR_ISSUE)
        return False
    operations.miss(part=part, at=at)
    return True


def _remind(pk: int, at: datetime) -> bool:
    part = PlanPart.objects.to_remind(at).select_related("plan").filter(pk=pk).first()
    if part is None or part.state not in UNPAID or part.plan.state != PlanState.RUNNING:
        return False
    which = [name for name, when in schedule.reminders(part.due_at) if when <= at][-1]
    later = [when for _name, when in schedule.reminders(part.due_at) if when > at]
    rows.update(part, remind_at=later[0] if later else None)
    if part.state == PartState.WAITING:
        signals.part_reminder_due.send(Plan, plan=part.plan, part=part, which=which, at=at)
    return True
