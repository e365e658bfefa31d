"""Sellers' accounts at the provider, and payouts."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from core.money import Money
from escrow.payouts.states import ENDED, Schedule, State


class SellerAccount(models.Model):
    """Where a seller's money goes. `account_ref` is empty until the provider has opened it; `ready` when it may receive."""

    party = models.CharField(max_length=12, unique=True)
    provider = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    account_ref = models.CharField(max_length=80, blank=True)
    ready = models.BooleanField(default=False)
    missing = models.JSONField(default=list)  # what the provider still wants to know from the seller, in its words
    schedule = models.CharField(max_length=8, choices=Schedule, default=Schedule.DAILY)  # when the seller is paid without asking
    minimum_minor = models.BigIntegerField(null=True)  # less than this is not paid without asking; None is the market's own
    reserve_bp = models.PositiveSmallIntegerField(default=0)  # of what is earned, kept back
    reserve_days = models.PositiveSmallIntegerField(default=0)
    reserve_mark = models.BigIntegerField(default=0)  # the last line of the book of which a part was kept back
    bank = models.CharField(max_length=80, blank=True)  # what the provider calls the bank account behind it, never its number
    frozen_until = models.DateTimeField(null=True)  # it was changed lately
    frozen_by = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ready=False) | ~Q(account_ref=""), name="seller_account_ready_has_ref"),
            models.CheckConstraint(condition=Q(reserve_bp__lte=10_000), name="seller_account_reserve_within"),
            models.CheckConstraint(condition=Q(minimum_minor__isnull=True) | Q(minimum_minor__gte=0), name="seller_account_minimum"),
        ]

    def __str__(self) -> str:
        return f"{self.party} at {self.provider}"

    def is_frozen(self, at: datetime) -> bool:
        """Changed so lately that the owner must have time to notice."""
        return self.frozen_until is not None and at < self.frozen_until


class ReserveQuerySet(models.QuerySet["Reserve"]):
    """Sets of kept-back earnings."""

    def due(self, at: datetime) -> ReserveQuerySet:
        """Those that have been kept long enough."""
        return self.filter(left_minor__gt=0, free_at__lte=at)


class Reserve(Referenced):
    """Earnings kept back on one day, until another."""

    party = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    kept_at = models.DateTimeField()
    free_at = models.DateTimeField()

    objects = ReserveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["free_at"], name="reserve_due", condition=Q(left_minor__gt=0))]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0, left_minor__gte=0, left_minor__lte=F("amount_minor")), name="reserve_within")
        ]

    @property
    def left(self) -> Money:
        """What is still kept."""
        return Money(self.left_minor, self.currency)


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Sets of payouts."""

    def due(self, at: datetime) -> PayoutQuerySet:
        """Those at which somebody should look again now."""
        return self.filter(due_at__lte=at)


class Payout(Referenced):
    """Money on its way to one seller. Two legs: our balance → the seller's account at the provider → the seller's bank."""

    account = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="payouts")
    seller = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    automatic = models.BooleanField(default=False)
    transfer_ref = models.CharField(max_length=80, blank=True, db_index=True)
    payout_ref = models.CharField(max_length=80, blank=True, db_index=True)
    reversed_minor = models.BigIntegerField(default=0)  # of the first leg, back on our balance
    recall_minor = models.BigIntegerField(default=0)  # asked back, not answered yet
    recall_asked_at = models.DateTimeField(null=True)
    bank_minor = models.BigIntegerField(default=0)  # what the second leg took, and has not brought back
    attempt = models.PositiveSmallIntegerField(default=1)  # of the bank leg: a returned payout is asked for anew
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=120, blank=True)
    arrives_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when to look at it again if nobody tells us anything

    objects = PayoutQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="payout_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["seller", "currency", "-id"], name="payout_by_seller"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_moves_something"),
            models.CheckConstraint(
                condition=Q(reversed_minor__gte=0, recall_minor__gte=0, bank_minor__gte=0)
                & Q(amount_minor__gte=F("reversed_minor") + F("recall_minor"))
                & Q(amount_minor__gte=F("bank_minor")),
                name="payout_comes_back_within",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=ENDED) & Q(due_at__isnull=True)) | (~Q(state__in=ENDED) & Q(due_at__isnull=False)),
                name="payout_silence_decides",
            ),
        ]

    @property
    def amount(self) -> Money:
        """How much."""
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """What the seller's bank is to get: all that was not called back."""
        return Money(self.amount_minor - self.reversed_minor, self.currency)

    @property
    def lies_at_provider(self) -> bool:
        """In the seller's account at the provider: not at the bank, or back from there."""
        return self.state == State.RETURNED or (self.state == State.CONFIRMED and not self.payout_ref)
