from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock.states import ReservationState


class Reservation(models.Model):
    """Units of one variant that one trade has taken."""

    trade = models.CharField(max_length=40)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    returned = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ReservationState.choices, default=ReservationState.HELD)
    until = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trade", "variant"], name="reservation_once_per_trade"),
            models.CheckConstraint(name="reservation_of_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="reservation_returned_within", condition=Q(returned__lte=F("quantity"))),
        ]

    def __str__(self) -> str:
        return f"{self.trade}: {self.quantity} of {self.variant_id}"


class StockMove(models.Model):
    """One change of a variant's counters: append-only, and their sum is always the counters themselves."""

    class Kind(models.TextChoices):
        COUNTED = "counted", _("Counted")
        RESERVED = "reserved", _("Reserved")
        SOLD = "sold", _("Sold")
        RELEASED = "released", _("Released")
        RETURNED = "returned", _("Put back")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_moves", db_index=False)  # the index below begins with it
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on_hand_change = models.IntegerField(default=0)
    reserved_change = models.IntegerField(default=0)
    trade = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=80, blank=True, default="")
    actor_kind = models.CharField(max_length=12)
    actor_reference = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["variant", "-id"], name="stock_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_change:+} {self.reserved_change:+} of {self.variant_id}"
