"""The daily run: sellers who did not ask are paid what is available, once it is worth a transfer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import transaction

from core.actors import SYSTEM
from core.errors import Refusal
from core.money import Money, exponent
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.payouts import operations as payouts
from escrow.payouts import schedule
from escrow.payouts.models import Payout, SellerAccount

THRESHOLD_MAJOR: Final = 20
log = structlog.get_logger(__name__)


def threshold(currency: str) -> Money:
    """Less than this waits for the next day."""
    return Money(THRESHOLD_MAJOR * 10 ** exponent(currency), currency)


def least_of(account: SellerAccount) -> Money:
    """The amount from which on this seller is paid without asking."""
    return threshold(account.currency) if account.minimum_minor is None else Money(max(account.minimum_minor, 1), account.currency)


def pay_out_due(*, at: datetime) -> list[Payout]:
    """Ask for a payout for every ready seller whose day it is and who has enough. Run twice, it finds nothing the second time."""
    made = []
    for account in SellerAccount.objects.filter(ready=True, schedule__in=schedule.AUTOMATIC).order_by("id"):
        available = ledger.balance(accounts.seller_payable(account.party, account.currency))
        if available < least_of(account).amount_minor or account.is_frozen(at) or _was_paid(account, at):
            continue
        try:
            made.append(_pay_out(account, at))
        except Refusal as refusal:  # a debt, a reserve that leaves too little, or a seller who asked in the same moment
            log.info("payout_not_made", party=account.party, code=refusal.code)
    return made


class TooLittle(Refusal):
    code = "payout_too_little"


@transaction.atomic
def _pay_out(account: SellerAccount, at: datetime) -> Payout:
    payout = payouts.request(seller=account.party, currency=account.currency, automatic=True, at=at, actor=SYSTEM)
    if payout.amount < least_of(account):  # what was kept back or netted came off
        raise TooLittle
    return payout


def _was_paid(account: SellerAccount, at: datetime) -> bool:
    """Without asking, in this week or month."""
    if account.schedule == schedule.DAILY:
        return False
    since = schedule.period_start(account.schedule, at)
    return account.payouts.filter(automatic=True, requested_at__gte=since).exclude(state="failed").exists()
