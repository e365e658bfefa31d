"""The checkout: what the buyer has said so far, and, once placed, what exactly they agreed to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core import references
from core.models import Referenced
from core.money import Money
from escrow.payments.states import PaymentState
from marketplace.checkout.states import CheckoutState


class Checkout(Referenced):
    cart = models.ForeignKey("marketplace.Cart", on_delete=models.PROTECT, related_name="checkouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="checkouts")
    trade = models.CharField(max_length=12, unique=True, default=references.new)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=CheckoutState, default=CheckoutState.DRAFT)
    details = models.JSONField(default=dict)  # contact, address and choices as typed: kept, right or wrong
    total_minor = models.BigIntegerField(null=True)
    snapshot = models.JSONField(null=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    payment = models.OneToOneField("escrow.Payment", on_delete=models.PROTECT, null=True, related_name="checkout")
    created_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "currency"], condition=models.Q(state=CheckoutState.DRAFT), name="checkout_one_draft"),
            models.CheckConstraint(
                condition=models.Q(state__in=(CheckoutState.DRAFT, CheckoutState.DROPPED))
                | models.Q(payment__isnull=False, total_minor__gt=0, placed_at__isnull=False),
                name="checkout_placed_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="checkout_drafts")]

    @property
    def is_draft(self) -> bool:
        return self.state == CheckoutState.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        """The buyer said that they would not pay, instead of letting the time run out."""
        return self.payment is not None and self.payment.state == PaymentState.CANCELLED

    @property
    def due_now(self) -> Money | None:
        """What its payment takes: everything, or the first parts of what is paid in parts."""
        return None if self.payment is None else Money(self.payment.amount_minor, self.currency)

    @property
    def total(self) -> Money | None:
        return None if self.total_minor is None else Money(self.total_minor, self.currency)
