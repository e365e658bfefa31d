"""Silence decides: every return whose deadline passed makes its move, one at a time, and one that fails stops nobody else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

import structlog
from django.db import transaction

from core import locks
from core.actors import SYSTEM
from core.errors import Busy, Refusal
from marketplace.returns import clocks, exchanges, operations
from marketplace.returns.models import Return
from marketplace.returns.moves import locked

MOST: Final = 500
log = structlog.get_logger(__name__)


def move_due(*, at: datetime) -> Counter[str]:
    """Make every move that is due; returns how many of each."""
    done: Counter[str] = Counter()
    for pk in list(Return.objects.due(at).order_by("due_at", "id").values_list("pk", flat=True)[:MOST]):
        try:
            done[_move(pk, at)] += 1
        except Busy:
            continue  # somebody is at it; it comes next time
        except Refusal as refusal:  # a dispute or a bank examines the money: later
            log.info("return_waits", asked=pk, refusal=refusal.code)
            _try_later(pk, at)
        except Exception:
            log.exception("return_timer_failed", asked=pk)
            _try_later(pk, at)
            done["failed"] += 1
    return Counter({name: count for name, count in done.items() if name})


def _try_later(pk: int, at: datetime) -> None:
    Return.objects.filter(pk=pk).update(retry_at=at + clocks.TRY_AGAIN_AFTER)


@transaction.atomic
def _move(pk: int, at: datetime) -> str:
    row = Return.objects.select_related("order").get(pk=pk)
    if row.order.trade not in locks.try_trades(row.order.trade):
        return ""
    asked = locked(row)
    if not Return.objects.due(at).filter(pk=pk).exists():
        return ""
    move = asked.due_move
    if move == "approve":
        if not operations.usual_address(asked):
            operations.waive(asked=asked, at=at, actor=SYSTEM, by="system")
            return "waive"
        operations.approve(asked=asked, at=at, actor=SYSTEM, by="system")
    elif move == "decline":
        operations.decline(asked=asked, words="", at=at, actor=SYSTEM, by="system")
    elif move == "lapse":
        operations.lapse(asked=asked, at=at, actor=SYSTEM)
    elif move == "accept":
        operations.accept(asked=asked, at=at, actor=SYSTEM, by="system")
    elif move == "settle":
        operations.settle(asked=asked, at=at, actor=SYSTEM, by="system")
    elif move == "rule":
        operations.rule_by_silence(asked=asked, at=at)
    elif move == "fall_back":
        operations.fall_back(asked=asked, at=at, actor=SYSTEM, by="system")
    elif move == "finish":
        exchanges.finish(asked=asked, at=at, actor=SYSTEM, by="system")
    return move
