"""How a checkout follows its payment, inside the trade's lock."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core import locks
from core.actors import PROVIDER
from escrow.models import Payment
from escrow.payments.signals import payment_expired, payment_succeeded
from marketplace.checkout import operations as checkouts
from marketplace.checkout.models import Checkout


def checkout_of(payment: Payment) -> Checkout | None:
    found = locks.rows(Checkout.objects.filter(payment_id=payment.pk))
    return found[0] if found else None


@receiver(payment_succeeded)
def mark_checkout_paid_when_payment_succeeded(payment: Payment, at: datetime, **_kwargs: Any) -> None:
    if checkout := checkout_of(payment):
        checkouts.mark_paid(checkout=checkout, actor=PROVIDER, at=at)


@receiver(payment_expired)
def expire_checkout_when_payment_expired(payment: Payment, at: datetime, **_kwargs: Any) -> None:
    if checkout := checkout_of(payment):
        checkouts.mark_expired(checkout=checkout, actor=PROVIDER, at=at)
