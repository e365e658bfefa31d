"""How chargebacks react to the provider's news, and to refunds that came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from core import locks
from core.actors import PROVIDER
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks import settling
from escrow.chargebacks.models import Chargeback
from escrow.chargebacks.states import State
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Payment, Refund
from escrow.payments.signals import provider_event, refund_failed
from escrow.providers.base import ProviderDispute


@receiver(provider_event, dispatch_uid="learn_chargeback_when_provider_event")
def learn_chargeback_when_provider_event(*, provider: str, object: Any, at: datetime, **_rest: Any) -> bool:
    """The re-read object is the truth. False while we do not know the payment or its money: told again later."""
    if not isinstance(object, ProviderDispute):
        return False
    named = Q(provider_ref=object.payment_ref) | Q(reference=object.payment_ref)
    payment = Payment.objects.filter(named, provider=provider).first() if object.payment_ref else None
    if payment is None or not payment.has_money:
        return False
    if object.amount.currency != payment.currency:
        exceptions.report(provider=provider, kind="chargeback_mismatch", object_ref=object.ref, payment=payment, at=at, asked=str(object.amount))
        return True
    chargebacks.learn(payment=payment, said=object, at=at, actor=PROVIDER)
    return True


@receiver(refund_failed, dispatch_uid="cover_chargeback_when_refund_failed")
def cover_chargeback_when_refund_failed(*, refund: Refund, at: datetime, **_rest: Any) -> None:
    """Inside the payment's trade lock. The bank gave the buyer this money already."""
    for case in locks.rows(Chargeback.objects.filter(payment=refund.payment_id, state=State.LOST)):
        settling.cover(case, refund, at=at, actor=PROVIDER)
