"""A dispute begins and ends with the issue of its hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.dispatch import receiver

from core.actors import Actor, ActorKind
from core.jobs import defer
from escrow.disputes import operations as disputes
from escrow.disputes.models import Dispute
from escrow.disputes.signals import dispute_moved
from escrow.holds.models import Issue
from escrow.holds.signals import hold_disputed, issue_resolved


@receiver(hold_disputed, dispatch_uid="disputes.open")
def open_dispute_when_hold_disputed(issue: Issue, at: datetime, **_rest: Any) -> None:
    disputes.open(issue=issue, at=at, actor=Actor(cast(ActorKind, issue.opened_by_kind), issue.opened_by))


@receiver(issue_resolved, dispatch_uid="disputes.end")
def end_dispute_when_issue_resolved(issue: Issue, at: datetime, **_rest: Any) -> None:
    disputes.end_with_issue(issue=issue, at=at, actor=Actor(cast(ActorKind, issue.decided_by_kind), issue.decided_by))


@receiver(dispute_moved, dispatch_uid="disputes.facts")
def record_facts_when_dispute_moved(dispute: Dispute, name: str, **_rest: Any) -> None:
    if name in ("open", "escalate", "judge"):
        defer("escrow.disputes.jobs.record_facts", key=f"facts:{dispute.reference}", dispute=dispute.reference)
