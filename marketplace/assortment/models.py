from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from marketplace.catalog.listings.models import LARGEST_STOCK


class BulkChange(Referenced):
    """One change to many listings. `listings` are ids in order; the first `done` of them have had their turn."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="bulk_changes")
    key = models.CharField(max_length=64)
    action = models.JSONField()
    listings = models.JSONField()
    seen_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)
    language = models.CharField(max_length=12)
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "key"], name="bulk_change_once"),
            models.CheckConstraint(name="bulk_change_adds_up", condition=Q(done__gte=F("changed") + F("unchanged"), done__lte=LARGEST_STOCK)),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.done} of {self.total}"

    @property
    def total(self) -> int:
        return len(self.listings)

    @property
    def failed(self) -> int:
        return self.done - self.changed - self.unchanged

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
