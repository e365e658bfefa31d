"""A paper follows the goods and the money; a job writes it, so that nobody's release waits for a number."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from core.jobs import defer
from escrow.holds.signals import hold_charged_back, hold_delivered, hold_refunded, hold_released, hold_shipped
from escrow.late_refunds.signals import given_back
from escrow.models import Hold
from marketplace.orders import queries as orders


@receiver(hold_shipped, dispatch_uid="papers.shipped")
def write_invoice_when_hold_shipped(hold: Hold, **_kwargs: Any) -> None:
    _write(hold)


@receiver(hold_delivered, dispatch_uid="papers.delivered")
def write_invoice_when_hold_delivered(hold: Hold, **_kwargs: Any) -> None:
    if hold.shipped_at is None:
        _write(hold)


@receiver(hold_released, dispatch_uid="papers.released")
def write_invoice_when_hold_released(hold: Hold, **_kwargs: Any) -> None:
    if not hold.was_sent:
        _write(hold)


@receiver(hold_refunded, dispatch_uid="papers.refunded")
def correct_invoice_when_hold_refunded(hold: Hold, **_kwargs: Any) -> None:
    if hold.was_sent:
        _write(hold)


@receiver(given_back, dispatch_uid="papers.given_back")
def correct_invoice_when_given_back(hold: Hold, **_kwargs: Any) -> None:
    _write(hold)


@receiver(hold_charged_back, dispatch_uid="papers.charged_back")
def correct_invoice_when_charged_back(hold: Hold, **_kwargs: Any) -> None:
    if hold.was_sent:
        _write(hold)


def _write(hold: Hold) -> None:
    if order := orders.of_hold(hold):
        defer("marketplace.papers.jobs.write_papers", key=f"papers:{order.reference}", order=order.reference)
