"""The sandbox's own clockwork."""

from core import clock
from core.jobs import job
from escrow.providers.sandbox import charges, disputes, events, refunds, sellers


@job(queue="money")
def deliver_webhook(ref: str) -> None:
    events.deliver(ref)


@job(queue="money")
def take_late_money(ref: str) -> None:
    charges.pay_after_the_end(ref, at=clock.now())


@job(queue="money")
def work_through_the_day() -> None:
    """Webhooks that are late or were refused, money that comes too late, slow refunds, payouts that reach the bank, and what payers' banks decide."""
    at = clock.now()
    for ref in events.due(at):
        events.deliver(ref)
    charges.take_due(at)
    refunds.settle_due(at)
    sellers.land_due_payouts(at)
    disputes.open_due(at)
    disputes.decide_due(at)
