"""The sandbox's own records. Nothing outside this package reads them."""

from django.db import models

from core import references


def _ref(prefix: str) -> str:
    return f"{prefix}_{references.new()}"


class SandboxPayment(models.Model):
    class Status(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        CLOSED = "closed"
        FAILED = "failed"

    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=300, blank=True)
    return_url = models.CharField(max_length=500)
    metadata = models.JSONField(default=dict)
    expires_at = models.DateTimeField()
    method = models.CharField(max_length=30, blank=True)
    paid_at = models.DateTimeField(null=True)
    tries_failed = models.PositiveIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    slow_refunds = models.BooleanField(default=False)  # what the payer chose on the hosted page
    arrives_at = models.DateTimeField(null=True)  # money on its way to a page that is closed
    challenged = models.BooleanField(default=False)  # the payer's bank wants to know whether it is really them
    regretted_at = models.DateTimeField(null=True)  # when the payer will ask their bank for the money

    class Meta:
        indexes = [
            models.Index(fields=("arrives_at",), condition=models.Q(status="closed"), name="sandbox_payment_late"),
            models.Index(fields=("regretted_at",), condition=models.Q(regretted_at__isnull=False), name="sandbox_payment_regretted"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="sandbox_payment_positive"),
            models.CheckConstraint(
                condition=models.Q(refunded_minor__gte=0, refunded_minor__lte=models.F("amount_minor")), name="sandbox_refunded_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class SandboxRefund(models.Model):
    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(SandboxPayment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=10)
    settles_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)
    metadata = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=("settles_at",), condition=models.Q(status="pending"), name="sandbox_refund_due")]

    def __str__(self) -> str:
        return self.ref


class SandboxAccount(models.Model):
    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True)
    ready = models.BooleanField(default=True)
    balance_minor = models.BigIntegerField(default=0)
    metadata = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(balance_minor__gte=0), name="sandbox_account_not_negative")]

    def __str__(self) -> str:
        return self.ref


class SandboxTransfer(models.Model):
    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    account = models.ForeignKey(SandboxAccount, on_delete=models.PROTECT, related_name="transfers")
    amount_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField(default=0)
    metadata = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.ref


class SandboxReversal(models.Model):
    key = models.CharField(max_length=120, unique=True)
    transfer = models.ForeignKey(SandboxTransfer, on_delete=models.PROTECT, related_name="reversals")
    amount_minor = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


class SandboxPayout(models.Model):
    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    account = models.ForeignKey(SandboxAccount, on_delete=models.PROTECT, related_name="payouts")
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=10)
    arrives_at = models.DateTimeField()
    failure = models.CharField(max_length=60, blank=True)
    metadata = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.ref


class SandboxDispute(models.Model):
    """The payer's bank asks the money back: what it took, what it gave back, and what was said in defence."""

    ref = models.CharField(max_length=20, unique=True)
    payment = models.ForeignKey(SandboxPayment, on_delete=models.PROTECT, related_name="disputes")
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    withdrawn_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer_key = models.CharField(max_length=120, blank=True)
    words = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    decides_at = models.DateTimeField(null=True)  # when silence or the bank decides; None: it has

    class Meta:
        indexes = [models.Index(fields=("decides_at",), condition=models.Q(decides_at__isnull=False), name="sandbox_dispute_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, withdrawn_minor__gte=0, returned_minor__gte=0)
                & models.Q(returned_minor__lte=models.F("withdrawn_minor")),
                name="sandbox_dispute_amounts",
            )
        ]

    def __str__(self) -> str:
        return self.ref


class SandboxFile(models.Model):
    """A file for the payer's bank. What matters here is that it was taken, so only its name is kept."""

    ref = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.ref


class SandboxMovement(models.Model):
    """One line of the platform's statement."""

    ref = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=14)
    source_ref = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("currency", "available_at"), name="sandbox_movement_available")]

    def __str__(self) -> str:
        return self.ref


class SandboxEvent(models.Model):
    """A webhook to deliver: exactly these bytes, `times` times, not before `deliver_at`, or never."""

    ref = models.CharField(max_length=20, unique=True)
    payload = models.TextField()
    created_at = models.DateTimeField()
    deliver_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=1)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lost = models.BooleanField(default=False)
    overtaken = models.BooleanField(default=False)  # waits until a younger one has been delivered

    class Meta:
        indexes = [
            models.Index(fields=("deliver_at",), condition=models.Q(delivered_at=None, lost=False), name="sandbox_event_due"),
            models.Index(fields=("id",), condition=models.Q(overtaken=True, delivered_at=None), name="sandbox_event_overtaken"),
        ]

    def __str__(self) -> str:
        return self.ref


class SandboxSwitches(models.Model):
    """One row. Chances are per mille; draws come from the seed and their number, so a run can be repeated."""

    seed = models.BigIntegerField(default=0)
    draws = models.BigIntegerField(default=0)
    decline = models.PositiveSmallIntegerField(default=0)
    challenge = models.PositiveSmallIntegerField(default=0)
    dispute = models.PositiveSmallIntegerField(default=0)
    dispute_loss = models.PositiveSmallIntegerField(default=500)  # of the cases that were answered
    reorder = models.PositiveSmallIntegerField(default=0)
    duplicate = models.PositiveSmallIntegerField(default=0)
    delay = models.PositiveSmallIntegerField(default=0)
    drop = models.PositiveSmallIntegerField(default=0)
    error_after_success = models.PositiveSmallIntegerField(default=0)
    refund_failure = models.PositiveSmallIntegerField(default=0)
    refund_delay = models.PositiveSmallIntegerField(default=0)
    payout_failure = models.PositiveSmallIntegerField(default=0)
    delay_seconds = models.PositiveIntegerField(default=120)
    settlement_seconds = models.PositiveIntegerField(default=0)
    payout_seconds = models.PositiveIntegerField(default=60)
    dispute_seconds = models.PositiveIntegerField(default=86_400)  # from the payment to the payer's regret
    decision_seconds = models.PositiveIntegerField(default=86_400)  # from the answer to the bank's decision
    dispute_fee_minor = models.PositiveSmallIntegerField(default=1_500)
    fee_bp = models.PositiveSmallIntegerField(default=150)
    fee_fixed_minor = models.PositiveSmallIntegerField(default=25)

    def __str__(self) -> str:
        return f"seed {self.seed}"
