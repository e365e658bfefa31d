"""How orders react to their hold. Every signal comes inside the trade's lock, in the hold's own transaction."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.dispatch import receiver

from core import locks
from escrow.chargebacks.signals import chargeback_lost, chargeback_opened, chargeback_reminder_due, chargeback_won
from escrow.holds.signals import (
    hold_delivered,
    hold_disputed,
    hold_expired,
    hold_funded,
    hold_refunded,
    hold_released,
    hold_reminder_due,
    hold_undisputed,
)
from escrow.models import Chargeback, Hold, Issue
from marketplace.orders import notices, reads
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState


def order_of(hold: Hold) -> Order | None:
    """The order that waits for this hold, locked; None for holds of other trades, which cost next to nothing."""
    if order := reads.in_hand(hold):
        return order
    with locks.refusing_to_wait(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM marketplace_order WHERE hold_id = %s FOR UPDATE", [hold.pk])
        found = cursor.fetchone()
    if found is None:
        return None
    order = reads.of_hold_with_shop(found[0])
    order.hold = hold
    return order


@receiver(hold_funded)
def mark_order_paid_when_hold_funded(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    if order := order_of(hold):
        orders.mark_paid(order=order, at=at)


@receiver(hold_expired)
def expire_order_when_hold_expired(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    if order := order_of(hold):
        orders.mark_expired(order=order, at=at)


@receiver(hold_delivered)
def mark_order_delivered_when_hold_delivered(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state not in (OrderState.DELIVERED, OrderState.ISSUE):
        orders.mark_delivered(order=order, at=at)


@receiver(hold_released)
def complete_order_when_hold_released(hold: Hold, at: datetime, final: bool, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and final and not order.is_ended:
        orders.mark_released(order=order, at=at)


@receiver(hold_refunded)
def end_order_when_hold_refunded(hold: Hold, amount_minor: int, at: datetime, final: bool, reason: str = "", **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and final and not order.is_ended:
        orders.mark_refunded(order=order, amount_minor=amount_minor, reason=reason, at=at)


@receiver(hold_disputed)
def mark_order_issue_when_hold_disputed(hold: Hold, issue: Issue, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state != OrderState.ISSUE:
        orders.mark_issue(order=order, at=at, facts={"reason": issue.reason, "automatic": issue.automatic})


@receiver(hold_undisputed)
def resume_order_when_hold_undisputed(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    order = order_of(hold)
    if order and order.state == OrderState.ISSUE:
        orders.resume(order=order, at=at)


@receiver(hold_reminder_due)
def remind_when_hold_reminder_due(hold: Hold, which: str, at: datetime, **_kwargs: Any) -> None:
    if order := order_of(hold):
        orders.remind(order=order, which=which, at=at)


@receiver(chargeback_opened)
def tell_seller_when_chargeback_opened(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_opened", at)


@receiver(chargeback_reminder_due)
def tell_seller_when_chargeback_reminder_due(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_reminder_due", at)


@receiver(chargeback_won)
def tell_seller_when_chargeback_won(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_won", at)


@receiver(chargeback_lost)
def tell_seller_when_chargeback_lost(chargeback: Chargeback, at: datetime, **_kwargs: Any) -> None:
    _tell_sellers(chargeback, "chargeback_lost", at)


def _tell_sellers(chargeback: Chargeback, event: str, at: datetime) -> None:
    for share in chargeback.shares.select_related("hold"):
        if order := order_of(share.hold):
            facts = {"amount_minor": share.amount_minor, "once": f"{chargeback.reference}:{chargeback.state}"}
            notices.tell(order=order, event=event, facts=facts, at=at)
