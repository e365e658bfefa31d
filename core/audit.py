"""The append-only trail: one event for every consequential move, written in the move's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import QuerySet

from core import rows
from core.actors import Actor
from core.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Move:
    """One event of many that are written together."""

    reference: str
    name: str
    before: Any = None
    after: Any = None


def record(
    *,
    kind: str,
    reference: str,
    name: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> AuditEvent:
    """Write one event about the thing `kind:reference`; `before` and `after` are small JSON values."""
    return rows.insert(event(kind=kind, reference=reference, name=name, actor=actor, at=at, reason=reason, before=before, after=after))


def event(
    *,
    kind: str,
    reference: str,
    name: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> AuditEvent:
    """The same, to be written with other rows."""
    return AuditEvent(
        kind=kind,
        reference=reference,
        name=name,
        actor_kind=actor.kind,
        actor_reference=actor.reference,
        at=at,
        reason=reason,
        before=before,
        after=after,
        request_id=_request_id(),
    )


def record_many(*, kind: str, moves: Iterable[Move], actor: Actor, at: datetime, reason: str = "") -> None:
    """The same for many things of one kind in one statement, in the given order."""
    by = {"kind": kind, "actor_kind": actor.kind, "actor_reference": actor.reference, "at": at, "reason": reason, "request_id": _request_id()}
    events = (AuditEvent(reference=move.reference, name=move.name, before=move.before, after=move.after, **by) for move in moves)
    AuditEvent.objects.bulk_create(events)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]


def events_for(kind: str, reference: str) -> QuerySet[AuditEvent]:
    """The events of one thing, oldest first."""
    return AuditEvent.objects.filter(kind=kind, reference=reference).order_by("id")
