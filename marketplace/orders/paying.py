"""What people do with one part of an order: pay it, give it more time, hand a milestone over, receive and confirm it."""

from __future__ import annotations

from datetime import datetime

from core.actors import Actor
from escrow.models import Payment
from escrow.payments import operations as payments
from escrow.plans import access, following
from escrow.plans import operations as plans
from marketplace.orders import parts
from marketplace.orders.models import Order


def pay_part(*, order: Order, part: str, return_url: str, actor: Actor, at: datetime) -> Payment:
    """Ask for the money of the next part; pressed twice, it is the same payment."""
    found = access.part_of(order.plan, reference=part)
    words = parts.describe(order, found, found.plan.parts.count())
    return plans.pay(part=found, return_url=return_url, description=words, actor=actor, at=at)


def start(*, reference: str) -> str:
    """The provider's page where the buyer makes this payment. Talks to the network: never inside a transaction."""
    return payments.start(payment_reference=reference)


def refresh(*, order: Order, part: str) -> bool:
    """The buyer came back from the provider: ask how it stands; True when the part is paid."""
    found = access.part_of(order.plan, reference=part)
    if found.payment is not None and found.is_unpaid:
        payments.refresh(payment_reference=found.payment.reference)
        found.refresh_from_db()
    return not found.is_unpaid


def extend_part(*, order: Order, part: str, days: int, actor: Actor, at: datetime) -> None:
    plans.extend(part=access.part_of(order.plan, reference=part), days=days, actor=actor, at=at)


def hand_over_part(*, order: Order, part: str, actor: Actor, at: datetime) -> None:
    following.hand_over(part=access.part_of(order.plan, reference=part), actor=actor, at=at)


def receive_part(*, order: Order, part: str, actor: Actor, at: datetime) -> None:
    following.receive(part=access.part_of(order.plan, reference=part), actor=actor, at=at)


def confirm_part(*, order: Order, part: str, actor: Actor, at: datetime) -> None:
    following.confirm_part(part=access.part_of(order.plan, reference=part), actor=actor, at=at)
