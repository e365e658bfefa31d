"""Carts of people and of guests, and their lines."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.models import Referenced, ReferenceField
from marketplace.cart.states import CartState

LARGEST_QUANTITY = 9_999


class Cart(Referenced):
    """`version` grows with every change: writers may ask for the one that they saw."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="carts")
    token_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=CartState, default=CartState.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(state=CartState.OPEN), name="cart_one_open_per_user"),
            models.UniqueConstraint(fields=["token_hash"], condition=~models.Q(token_hash=""), name="cart_token_unique"),
            models.CheckConstraint(condition=models.Q(user__isnull=False) | ~models.Q(token_hash=""), name="cart_has_holder"),
        ]

    is_new = False  # opened by this very request

    @property
    def is_open(self) -> bool:
        return self.state == CartState.OPEN

    @property
    def is_guest(self) -> bool:
        return self.user_id is None


class CartLineQuerySet(models.QuerySet["CartLine"]):
    def free(self) -> CartLineQuerySet:
        """Not waiting for a payment."""
        return self.filter(parked_by="")


class CartLine(models.Model):
    reference = ReferenceField()
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines", db_index=False)  # the index below begins with it
    variant = models.ForeignKey("marketplace.Variant", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    chosen = models.BooleanField(default=True)
    seen_unit_minor = models.BigIntegerField(null=True)  # the price when it was last put in or changed
    parked_by = models.CharField(max_length=12, blank=True)  # the checkout whose payment it waits for
    added_at = models.DateTimeField()

    objects = CartLineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant", "parked_by"], name="cartline_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1, quantity__lte=LARGEST_QUANTITY), name="cartline_quantity_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
