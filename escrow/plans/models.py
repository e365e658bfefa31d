"""Plans and their parts."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from core.models import Referenced
from core.money import Money
from escrow.holds.states import HandOver
from escrow.plans.states import OVER, UNPAID, Kind, Late, PartState, PlanState, Ships


class Plan(Referenced):
    """What two parties agreed about paying one price. `trade`, `buyer` and `seller` are opaque keys."""

    trade = models.CharField(max_length=12, db_index=True)
    buyer = models.CharField(max_length=12)
    seller = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    ships = models.CharField(max_length=5, choices=Ships)
    late = models.CharField(max_length=7, choices=Late)
    grace_days = models.PositiveSmallIntegerField()
    hand_over = models.CharField(max_length=8, choices=HandOver)
    handling_days = models.PositiveSmallIntegerField()
    inspection_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.AGREED)
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="plan_positive"),
            models.CheckConstraint(
                condition=Q(state__in=OVER, ended_at__isnull=False) | (~Q(state__in=OVER) & Q(ended_at=None)), name="plan_over_has_its_time"
            ),
        ]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_milestones(self) -> bool:
        return self.kind == Kind.MILESTONES

    @property
    def may_ship(self) -> bool:
        """Whether the goods may leave the seller, as the terms say."""
        return self.state == PlanState.PAID or (self.state == PlanState.RUNNING and self.ships == Ships.FIRST)


class PartQuerySet(models.QuerySet["PlanPart"]):
    """Sets of parts."""

    def missed(self, at: datetime) -> PartQuerySet:
        """Those whose days of grace are over."""
        return self.filter(state=PartState.WAITING, decide_at__lte=at, plan__state=PlanState.RUNNING)

    def to_remind(self, at: datetime) -> PartQuerySet:
        return self.filter(state__in=UNPAID, remind_at__lte=at, plan__state=PlanState.RUNNING)


class PlanPart(Referenced):
    """One part: asked for, paid, held, decided. `payment` and `hold` are those of the latest attempt to pay it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField()
    shares = models.JSONField()  # what it pays of each line of the trade: the parts of its hold
    state = models.CharField(max_length=10, choices=PartState, default=PartState.WAITING)
    due_at = models.DateTimeField()
    decide_at = models.DateTimeField()  # the end of the days of grace: silence decides
    remind_at = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    payment = models.ForeignKey("escrow.Payment", on_delete=models.PROTECT, null=True, related_name="plan_parts")
    hold = models.OneToOneField("escrow.Hold", on_delete=models.PROTECT, null=True, related_name="plan_part")
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_part_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="plan_part_positive"),
            models.CheckConstraint(
                condition=Q(state__in=(PartState.WAITING, PartState.DROPPED)) | Q(hold__isnull=False, payment__isnull=False),
                name="plan_part_paid_has_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["decide_at"], condition=Q(state=PartState.WAITING), name="plan_part_late"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="plan_part_remind"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.plan.currency)

    @property
    def is_unpaid(self) -> bool:
        return self.state in UNPAID
