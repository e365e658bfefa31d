"""Abstract rows for every storey, and the three tables that core itself keeps."""

from __future__ import annotations

from typing import Any

from django.db import models

from core import references


class ReferenceField(models.CharField):  # type: ignore[type-arg]
    """A unique 12-character public reference, drawn when the row is made."""

    def __init__(self, **options: Any) -> None:
        defaults = {"max_length": references.LENGTH, "unique": True, "default": references.new, "editable": False}
        super().__init__(**{**defaults, **options})


class Referenced(models.Model):
    """A row with a public reference."""

    reference = ReferenceField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.reference)


class AuditEvent(models.Model):
    """Who did what, when and why. Append-only: the database refuses UPDATE and DELETE."""

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "reference", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference} {self.name}"


class IdempotencyRecord(models.Model):
    """The answer that was given for an Idempotency-Key, so that a repeated request repeats the answer and not the effect."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class ClockOffset(models.Model):
    """The one row by which tests and simulations move the clock; empty everywhere else."""

    offset_by = models.DurationField()
    frozen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.offset_by)
