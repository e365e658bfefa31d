"""Payments, refunds, and what the provider told us."""

from django.db import models

from core import references
from escrow.payments.states import PaymentState, RefundState


class Payment(models.Model):
    """One demand for money on one trade, and its session at the provider."""

    reference = models.CharField(max_length=12, unique=True, default=references.new)
    trade = models.CharField(max_length=12, db_index=True)
    buyer = models.CharField(max_length=12)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.CREATED)
    # The provider has the money, but the payment had already ended: it goes back by itself.
    late = models.BooleanField(default=False)
    provider = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=30, blank=True)
    hosted_url = models.CharField(max_length=2000, blank=True)  # Stripe's are long
    description = models.CharField(max_length=300, blank=True)
    # What was agreed when the payment was made (lines, prices, address): the provider carries it and must return it.
    snapshot_hash = models.CharField(max_length=64)
    return_url = models.CharField(max_length=500)
    # For the provider's page: which ways to pay it offers, in which language. The address is forgotten when the payment ends.
    payer_country = models.CharField(max_length=2, blank=True)
    payer_email = models.CharField(max_length=254, blank=True)
    payer_language = models.CharField(max_length=12, blank=True)
    asked_method = models.CharField(max_length=30, blank=True)
    tries_failed = models.PositiveIntegerField(default=0)
    charged_back_minor = models.BigIntegerField(default=0)  # a bank asks or took it: not ours to refund
    created_at = models.DateTimeField()
    start_asked_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=models.Q(charged_back_minor__gte=0, charged_back_minor__lte=models.F("amount_minor")), name="payment_charged_back_within"
            ),
            models.CheckConstraint(
                condition=models.Q(state=PaymentState.SUCCEEDED, succeeded_at__isnull=False)
                | (~models.Q(state=PaymentState.SUCCEEDED) & models.Q(succeeded_at__isnull=True)),
                name="payment_succeeded_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(late=False) | models.Q(state__in=(PaymentState.EXPIRED, PaymentState.CANCELLED, PaymentState.FAILED)),
                name="payment_late_only_after_its_end",
            ),
            models.UniqueConstraint(fields=("provider", "provider_ref"), condition=~models.Q(provider_ref=""), name="payment_session_once"),
        ]
        indexes = [
            models.Index(
                fields=("expires_at",),
                condition=models.Q(state__in=(PaymentState.CREATED, PaymentState.STARTED)),
                name="payment_open_by_expiry",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in (PaymentState.CREATED, PaymentState.STARTED)

    @property
    def has_money(self) -> bool:
        """Its money is in our books: it was paid in time, or late and is being returned."""
        return self.state == PaymentState.SUCCEEDED or self.late


class Refund(models.Model):
    """Cash on its way back to a buyer. Who decided and where it came from is written in the hold's entry."""

    reference = models.CharField(max_length=12, unique=True, default=references.new)
    key = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    hold = models.CharField(max_length=12, blank=True, db_index=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.ASKED)
    reason = models.CharField(max_length=200, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_positive")]
        indexes = [
            models.Index(fields=("asked_at",), condition=models.Q(state__in=(RefundState.ASKED, RefundState.SENT)), name="refund_under_way"),
        ]

    def __str__(self) -> str:
        return self.reference


class WebhookEvent(models.Model):
    """A genuine message of a provider, kept as it came. Read, and then the object it names is read."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        SET_ASIDE = "set_aside", "set aside"

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=20)
    object_ref = models.CharField(max_length=80)
    livemode = models.BooleanField()
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("provider", "event_id"), name="webhook_event_once")]
        indexes = [models.Index(fields=("try_at",), condition=models.Q(state="waiting"), name="webhook_event_due")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class ProviderMovement(models.Model):
    """One line of the provider's statement, and the key of the one entry that explains it ('' while it waits)."""

    provider = models.CharField(max_length=20)
    ref = models.CharField(max_length=80)
    kind = models.CharField(max_length=14)
    source_ref = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    entry_key = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("provider", "ref"), name="provider_movement_once")]
        indexes = [
            models.Index(fields=("provider", "created_at"), name="provider_movement_by_time"),
            models.Index(fields=("source_ref",), name="provider_movement_by_source"),
            models.Index(fields=("id",), condition=models.Q(entry_key=""), name="provider_movement_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.ref}"

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.fee_minor

    @property
    def is_in_suspense(self) -> bool:
        return self.entry_key.startswith("unexplained:")


class Reconciliation(models.Model):
    """Until when our records were last compared with a provider's."""

    provider = models.CharField(max_length=20, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider} until {self.until}"


class PaymentException(models.Model):
    """Something about money that only a person can judge. Open until somebody writes down what was done."""

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    object_ref = models.CharField(max_length=80)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="exceptions")
    details = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)
    resolved_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("provider", "kind", "object_ref"), name="payment_exception_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_ref}"
