"""Silence decides: every dispute whose own deadline passed makes its move. The desk's silence is the hold's deadline."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from core import locks
from core.actors import SYSTEM
from core.errors import Busy
from escrow.disputes import operations, queries, rulings, signals
from escrow.disputes.models import Dispute
from escrow.disputes.moves import locked
from escrow.disputes.states import ARRIVE, ESCALATE, EXECUTE, JUDGE, KEEP, Offer, Side

MOST = 1000
log = structlog.get_logger(__name__)


def move_due(*, at: datetime) -> Counter[str]:
    """Make every move that is due; one that fails is tried again with the next round, and stops nobody else."""
    done: Counter[str] = Counter()
    for pk in list(Dispute.objects.due(at).order_by("due_at", "id").values_list("pk", flat=True)[:MOST]):
        try:
            done[_move(pk, at)] += 1
        except Busy:
            continue
        except Exception:
            log.exception("dispute_timer_failed", dispute=pk)
            done["failed"] += 1
    return Counter({name: count for name, count in done.items() if name})


def remind(*, at: datetime) -> int:
    """Tell whose turn it is, a day before silence decides; each deadline once. How many."""
    done = 0
    for pk in list(Dispute.objects.to_remind(at).order_by("due_at", "id").values_list("pk", flat=True)[:MOST]):
        try:
            done += _remind(pk, at)
        except Busy:
            continue
        except Exception:
            log.exception("dispute_reminder_failed", dispute=pk)
    return done


@transaction.atomic
def _remind(pk: int, at: datetime) -> bool:
    row = Dispute.objects.select_related("hold").get(pk=pk)
    if row.hold.trade not in locks.try_trades(row.hold.trade):
        return False
    if not Dispute.objects.to_remind(at).filter(pk=pk).update(reminded_of=F("due_at")):
        return False
    dispute = locked(row)
    step = queries.next_step(dispute)
    assert step is not None
    signals.dispute_reminder_due.send(Dispute, dispute=dispute, step=step, at=at)
    return True


@transaction.atomic
def _move(pk: int, at: datetime) -> str:
    row = Dispute.objects.select_related("hold").get(pk=pk)
    if row.hold.trade not in locks.try_trades(row.hold.trade):
        return ""
    dispute = locked(row)
    if not Dispute.objects.due(at).filter(pk=pk).exists():
        return ""
    move = dispute.due_move
    dispute.proposals.filter(state=Offer.OPEN, expires_at__lte=at).update(state=Offer.LAPSED, answered_at=at)
    if move == ESCALATE:
        operations.to_the_desk(dispute, by=Side.SYSTEM, at=at, actor=SYSTEM)
    elif move == JUDGE:
        rulings.begin_deciding(dispute=dispute, by=Side.SYSTEM, at=at, actor=SYSTEM)
    elif move == EXECUTE:
        rulings.execute(dispute, by=Side.SYSTEM, at=at, actor=SYSTEM)
    elif move == KEEP:
        rulings.keep(dispute, by=Side.SYSTEM, at=at, actor=SYSTEM)
    elif move == ARRIVE:
        rulings.arrive(dispute=dispute, by=Side.SYSTEM, at=at, actor=SYSTEM)
    return move
