"""The daily run: sellers who did not ask are paid what is available, once it is worth a transfer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from core.actors import SYSTEM
from core.errors import Refusal
from core.money import Money, exponent
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout, SellerAccount

THRESHOLD_MAJOR: Final = 20
log = structlog.get_logger(__name__)


def threshold(currency: str) -> Money:
    """Less than this waits for the next day."""
    return Money(THRESHOLD_MAJOR * 10 ** exponent(currency), currency)


def pay_out_due(*, at: datetime) -> list[Payout]:
    """Ask for a payout for every ready seller above the threshold. Run twice, it finds nothing the second time."""
    made = []
    for account in SellerAccount.objects.filter(ready=True, automatic=True).order_by("id"):
        available = ledger.balance(accounts.seller_payable(account.party, account.currency))
        if available < threshold(account.currency).amount_minor:
            continue
        try:
            made.append(payouts.request(seller=account.party, currency=account.currency, automatic=True, at=at, actor=SYSTEM))
        except Refusal as refusal:  # a seller asked in the same moment
            log.info("payout_not_made", party=account.party, code=refusal.code)
    return made
