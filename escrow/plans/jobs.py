"""The clockwork of plans."""

from core import clock
from core.actors import SYSTEM
from core.jobs import job
from escrow.payments import operations as payments
from escrow.plans import sweep


@job(queue="money")
def move_due_parts() -> None:
    """Every minute: reminders, and what was never paid."""
    sweep.move_due(at=clock.now())


@job(queue="money")
def call_off_payment(payment_reference: str) -> None:
    """The plan ended while a part was being paid."""
    payments.cancel(payment_reference=payment_reference, actor=SYSTEM, at=clock.now())
