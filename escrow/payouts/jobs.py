"""The clockwork of payouts."""

from core import clock
from core.jobs import job
from escrow.payouts import daily, recovery, reserves, sending
from escrow.payouts.models import Payout


@job(queue="money")
def open_seller_account(party: str) -> None:
    """Open a seller's account at the provider."""
    sending.open_account(party=party, at=clock.now())


@job(queue="money")
def send_payout(reference: str) -> None:
    """Send the first leg."""
    sending.send(payout=Payout.objects.get(reference=reference), at=clock.now())


@job(queue="money")
def ask_bank(reference: str) -> None:
    """Ask for the second leg."""
    sending.ask_bank(payout=Payout.objects.get(reference=reference), at=clock.now())


@job(queue="money")
def chase_payouts() -> None:
    """Every ten minutes: whatever nobody told us about."""
    sending.chase(at=clock.now())


@job(queue="money")
def net_debts() -> None:
    """Daily, before the run of payouts: reserves end and begin, and what sellers earned pays what they owe."""
    at = clock.now()
    reserves.free_due(at=at)
    reserves.keep_back_everywhere(at=at)
    recovery.net_everybody(at=at)


@job(queue="money")
def pay_out_due_sellers() -> None:
    """Daily: everything available above the threshold."""
    daily.pay_out_due(at=clock.now())
