"""How holds react to payments. Runs inside the payment's transaction, under the trade's lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.actors import PROVIDER
from escrow.holds import operations as holds
from escrow.holds.states import State
from escrow.payments.models import Payment
from escrow.payments.signals import payment_expired, payment_succeeded


@receiver(payment_succeeded, dispatch_uid="fund_holds_when_payment_succeeded")
def fund_holds_when_payment_succeeded(*, payment: Payment, at: datetime, **_rest: Any) -> None:
    """The money is there: it begins to wait."""
    holds.fund(payment=payment, at=at, actor=PROVIDER)


@receiver(payment_expired, dispatch_uid="expire_holds_when_payment_expired")
def expire_holds_when_payment_expired(*, payment: Payment, at: datetime, **_rest: Any) -> None:
    """The provider closed the session: nobody can pay any more."""
    for hold in payment.holds.filter(state=State.PENDING).order_by("id"):
        holds.expire(hold=hold, at=at, actor=PROVIDER)
