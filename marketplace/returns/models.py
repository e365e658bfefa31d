"""Returns, what is in them, and who did what. The database refuses to give back more than was asked for."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from core.money import Money
from marketplace.returns.states import ENDED, OPEN, ReturnReason, ReturnState, Wish
from vendors.policies.models import ReturnsPaidBy


class ReturnQuerySet(models.QuerySet["Return"]):
    """Sets of returns."""

    def open(self) -> ReturnQuerySet:
        """Those that somebody still has to do something about."""
        return self.filter(state__in=OPEN)

    def due(self, at: datetime) -> ReturnQuerySet:
        """Those whose silence decides now."""
        return self.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at), due_at__lte=at, state__in=OPEN)

    def with_everything(self) -> ReturnQuerySet:
        """What every page and answer needs, in two queries."""
        lines = models.Prefetch("lines", ReturnLine.objects.select_related("order_line"))
        return self.select_related("order__vendor", "order__hold", "order__user", "exchange_variant").prefetch_related(lines)


class Return(Referenced):
    """Some things of an order that travel back."""

    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=12, choices=ReturnState, default=ReturnState.REQUESTED)
    of_right = models.BooleanField()  # the seller cannot refuse: the law or the shop's own promise
    wish = models.CharField(max_length=8, choices=Wish, default=Wish.REFUND)
    exchange_variant = models.ForeignKey("marketplace.Variant", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, choices=ReturnReason)
    words = models.TextField(blank=True)
    answer = models.TextField(blank=True)  # the seller's words: with the approval, the refusal or the deduction
    paid_by = models.CharField(max_length=6, choices=ReturnsPaidBy)  # who pays for the way back
    send_to = models.TextField(blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    new_carrier = models.CharField(max_length=40, blank=True)  # of the replacement
    new_tracking_number = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    deduction_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    restocked = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_move = models.CharField(max_length=12, blank=True)
    retry_at = models.DateTimeField(null=True)  # a silence that could not decide is tried again then

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at", "id"], name="return_due", condition=Q(state__in=OPEN))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReturnState.values), name="return_state_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, deduction_minor__gte=0, refunded_minor__gte=0)
                & Q(amount_minor__gte=F("deduction_minor") + F("refunded_minor")),
                name="return_amounts",
            ),
            models.CheckConstraint(condition=Q(state=ReturnState.REFUNDED) | Q(refunded_minor=0), name="return_gives_back_once"),
            models.CheckConstraint(
                condition=(Q(state__in=sorted(ENDED)) & Q(due_at__isnull=True)) | (Q(state__in=OPEN) & Q(due_at__isnull=False) & ~Q(due_move="")),
                name="return_silence_decides",
            ),
            models.CheckConstraint(condition=Q(wish=Wish.REFUND) | Q(exchange_variant__isnull=False), name="return_exchange_names_variant"),
        ]

    @property
    def amount(self) -> Money:
        """What comes back if everything is in order."""
        return Money(self.amount_minor, self.currency)

    @property
    def deduction(self) -> Money:
        """What the seller keeps for the shape in which it came."""
        return Money(self.deduction_minor, self.currency)

    @property
    def agreed(self) -> Money:
        """What comes back as things stand."""
        return Money(self.amount_minor - self.deduction_minor, self.currency)

    @property
    def refunded(self) -> Money:
        """What went back."""
        return Money(self.refunded_minor, self.currency)

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something."""
        return self.state not in ENDED

    @property
    def is_exchange(self) -> bool:
        """Another variant instead of money."""
        return self.wish == Wish.EXCHANGE


class ReturnLine(models.Model):
    """So many of one line, or the delivery that was paid for all of it; never changes."""

    asked = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey("marketplace.OrderLine", on_delete=models.PROTECT, null=True, related_name="returned")  # none: the delivery
    part = models.CharField(max_length=40)  # what the holds call it
    quantity = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked", "part"], name="returnline_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, amount_minor__gte=0), name="returnline_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.part}"


class ReturnEvent(models.Model):
    """Who moved a return, when and with which words. Append-only."""

    asked = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="events")
    name = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=ReturnState)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
