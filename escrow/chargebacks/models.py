"""Cases with a buyer's bank, their shares over holds, and what is said in defence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q

from core.models import Referenced
from core.money import Money
from escrow.chargebacks.states import PENDING, TO_ANSWER, Bearer, State
from escrow.ledger import accounts

REMIND_BEFORE: Final = timedelta(days=3)


class ChargebackQuerySet(models.QuerySet["Chargeback"]):
    """Sets of cases."""

    def pending(self) -> ChargebackQuerySet:
        """Those that the bank has not decided."""
        return self.filter(state__in=PENDING)

    def due(self, at: datetime) -> ChargebackQuerySet:
        """Those whose silence decides now."""
        return self.filter(due_at__lte=at)

    def to_remind(self, at: datetime) -> ChargebackQuerySet:
        """Those whose last day to answer comes near, not said yet."""
        return self.filter(state__in=TO_ANSWER, answered_at__isnull=True, reminded_at__isnull=True, answer_by__lte=at + REMIND_BEFORE)


class Chargeback(Referenced):
    """One case. `ref` is the provider's name for it; amounts are of the payment's currency."""

    provider = models.CharField(max_length=20)
    ref = models.CharField(max_length=80)
    payment = models.ForeignKey("escrow.Payment", on_delete=models.PROTECT, related_name="chargebacks")
    state = models.CharField(max_length=10, choices=State, default=State.INQUIRY)
    reason = models.CharField(max_length=60)  # the bank's word
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    excess_minor = models.BigIntegerField(default=0)  # more than the buyer still had paid: refunded already
    owed_used_minor = models.BigIntegerField(default=0)  # of the excess, what refunds that came back had left
    bearer = models.CharField(max_length=8, choices=Bearer, default=Bearer.SELLER)
    bearer_reason = models.TextField(blank=True)
    absorbed_at = models.DateTimeField(null=True)  # after it was lost: the platform gave the seller's part back
    is_lost = models.BooleanField(default=False)  # also after it is closed
    answer_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    reinstated_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = ChargebackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="chargeback_due", condition=Q(due_at__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["provider", "ref"], name="chargeback_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, fee_minor__gte=0, excess_minor__gte=0, owed_used_minor__gte=0)
                & Q(excess_minor__lte=F("amount_minor"), owed_used_minor__lte=F("excess_minor")),
                name="chargeback_amounts",
            ),
            models.CheckConstraint(condition=Q(state=State.CLOSED) | Q(due_at__isnull=False), name="chargeback_silence_decides"),
            models.CheckConstraint(
                condition=Q(state__in=(State.INQUIRY, State.CLOSED)) | Q(taken_at__isnull=False), name="chargeback_taken_before_it_is_decided"
            ),
        ]

    @property
    def amount(self) -> Money:
        """What the bank asks for."""
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider took for it."""
        return Money(self.fee_minor, self.currency)

    @property
    def is_pending(self) -> bool:
        """The bank has not decided."""
        return self.state in PENDING

    @property
    def may_answer(self) -> bool:
        """Evidence can be sent: once, and before the last day."""
        return self.state in TO_ANSWER and self.answered_at is None

    @property
    def account(self) -> accounts.AccountName:
        """Where the taken money is expected back from."""
        return accounts.chargeback_receivable(self.reference, self.currency)


class ChargebackShare(models.Model):
    """What one hold answers for: `amount_minor` of cash. Once lost: what was taken from it while held, from its seller, and from us."""

    chargeback = models.ForeignKey(Chargeback, on_delete=models.PROTECT, related_name="shares")
    hold = models.ForeignKey("escrow.Hold", on_delete=models.PROTECT, related_name="chargeback_shares")
    amount_minor = models.BigIntegerField()
    from_held_minor = models.BigIntegerField(default=0)
    from_seller_minor = models.BigIntegerField(default=0)
    absorbed_minor = models.BigIntegerField(default=0)
    # What went with the cash, so that it can be undone to the cent when the bank changes its mind.
    net_minor = models.BigIntegerField(default=0)  # of the sum of all sources: the seller's part
    coupon_minor = models.BigIntegerField(default=0)
    points_minor = models.BigIntegerField(default=0)
    commission_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chargeback", "hold"], name="chargeback_share_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, from_held_minor__gte=0, from_seller_minor__gte=0, absorbed_minor__gte=0)
                & Q(amount_minor__gte=F("from_held_minor") + F("from_seller_minor") + F("absorbed_minor")),
                name="chargeback_share_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chargeback_id} of {self.hold_id}"

    @property
    def amount(self) -> Money:
        """What this hold answers for."""
        return Money(self.amount_minor, self.hold.currency)


class ChargebackEvidence(Referenced):
    """One thing said or shown in defence, kept as it was given."""

    chargeback = models.ForeignKey(Chargeback, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=40)  # which of the bank's questions it answers
    words = models.TextField(blank=True)
    file = models.CharField(max_length=200, blank=True)  # in the private storage
    file_name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    by_kind = models.CharField(max_length=12)
    by = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="chargeback_evidence_says_something")]
