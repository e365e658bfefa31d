"""Requests that may be repeated: one key, one effect, one answer.

The record is inserted in the effect's own transaction: a concurrent twin waits on the unique index and then replays; a refused
or crashed effect leaves no record, so that it may be tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock, crashes
from core.errors import Kind, Refusal
from core.locks import refusing_to_wait
from core.models import IdempotencyRecord
from core.sql import execute, fetch
from core.whole import whole

KEPT = timedelta(days=30)


class KeyReused(Refusal):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_key_reused"
    kind = Kind.UNPROCESSABLE
    sentence = _("This Idempotency-Key was already used for another request. Use a new key.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The effect's JSON answer, and whether it is an earlier one."""

    answer: dict[str, Any]
    replayed: bool


def run(*, scope: str, key: str, fingerprint: str, effect: Callable[[], dict[str, Any]]) -> Outcome:
    """Run `effect` once per (scope, key). `fingerprint` is the hash of the request; another one under the same key is KeyReused."""
    with whole():
        record_id = _claim(scope, key, fingerprint)
        if record_id is None:
            return _replay(scope, key, fingerprint)
        answer = effect()
        crashes.point("door.effect_done")
        execute("UPDATE core_idempotencyrecord SET answer = %s::jsonb WHERE id = %s", [json.dumps(answer), record_id])
        return Outcome(answer, replayed=False)


def _claim(scope: str, key: str, fingerprint: str) -> int | None:
    with refusing_to_wait():
        claimed = fetch(
            f"INSERT INTO core_idempotencyrecord (scope, key, fingerprint, created_at) VALUES (%s, %s, %s, ({clock.words()}))"  # noqa: S608
            " ON CONFLICT (scope, key) DO NOTHING RETURNING id, created_at",
            [scope, key, fingerprint],
        )
    if not claimed:
        return None
    ((record_id, moment),) = claimed
    clock.remember(moment)
    return int(record_id)


def _replay(scope: str, key: str, fingerprint: str) -> Outcome:
    record = IdempotencyRecord.objects.get(scope=scope, key=key)
    if record.fingerprint != fingerprint:
        raise KeyReused
    return Outcome(record.answer or {}, replayed=True)


def forget_old() -> int:
    """Drop the records that are past their 30 days; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]
