"""What our team gives back after release: who asked for it, who agreed, and why. Written once, decided once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from core.money import Money
from escrow.late_refunds.states import Grant


class LateRefund(Referenced):
    """An amount, or amounts by line, of what a seller was paid. Above the limit a second person gives it."""

    hold = models.ForeignKey("escrow.Hold", on_delete=models.PROTECT, related_name="late_refunds")
    state = models.CharField(max_length=8, choices=Grant, default=Grant.ASKED)
    amount_minor = models.BigIntegerField()
    parts = models.JSONField(null=True)  # minor units by line; None spreads it over all
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    needs_approval = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    entry = models.CharField(max_length=100, blank=True)  # of the ledger

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hold"], condition=Q(state=Grant.ASKED), name="late_refund_one_waits"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="late_refund_amount"),
            models.CheckConstraint(
                condition=Q(state=Grant.ASKED, decided_at__isnull=True, needs_approval=True) | ~Q(state=Grant.ASKED) & Q(decided_at__isnull=False),
                name="late_refund_waits_or_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=Grant.GIVEN) | ~Q(entry="") & (Q(needs_approval=False) | ~Q(decided_by=F("asked_by"))),
                name="late_refund_second_person_gives",
            ),
        ]

    @property
    def amount(self) -> Money:
        """Back to the buyer."""
        return Money(self.amount_minor, self.hold.currency)
