"""How a checkout follows its payment, inside the trade's lock."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from core import locks
from core.actors import PROVIDER
from core.compiled import compiled
from escrow.models import Payment
from escrow.payments.signals import payment_expired, payment_succeeded
from marketplace.checkout import operations as checkouts
from marketplace.checkout.models import Checkout


def checkout_of(payment: Payment) -> Checkout | None:
    with locks.refusing_to_wait():
        return next(iter(_locked_of(payment.pk)), None)


@compiled
def _locked_of(payment_id: int) -> QuerySet[Checkout]:
    return Checkout.objects.filter(payment_id=payment_id).select_related("cart").order_by("pk").select_for_update(of=("self",))


@receiver(payment_succeeded)
def mark_checkout_paid_when_payment_succeeded(payment: Payment, at: datetime, **_kwargs: Any) -> None:
    if checkout := checkout_of(payment):
        checkouts.mark_paid(checkout=checkout, actor=PROVIDER, at=at)


@receiver(payment_expired)
def expire_checkout_when_payment_expired(payment: Payment, at: datetime, **_kwargs: Any) -> None:
    if checkout := checkout_of(payment):
        checkouts.mark_expired(checkout=checkout, actor=PROVIDER, at=at)
