"""Which payment a payout comes from, when it comes from one alone: then the provider can tie the transfer to that charge."""

from __future__ import annotations

from escrow.holds.models import Hold
from escrow.ledger import accounts
from escrow.ledger import queries as book
from escrow.payments.models import Payment
from escrow.payouts.models import Payout

MOST = 50  # lines to look at; a seller with more sales than that is paid from many payments anyway


def only_payment_behind(payout: Payout) -> Payment | None:
    """What was earned since the payout before, if all of it and nothing else is paid out now and one payment brought it."""
    lines = book.newest_lines(accounts.seller_payable(payout.seller, payout.currency), before=f"transfer_asked:{payout.reference}", most=MOST)
    earned: list[tuple[str, int]] = []
    for key, amount_minor in lines:
        if amount_minor > 0:  # a debit: the payout before this one, or a refund
            break
        earned.append((key, -amount_minor))
    if not earned or sum(minor for _key, minor in earned) != payout.amount_minor or not all(key.startswith("release:") for key, _minor in earned):
        return None
    holds = Hold.objects.filter(reference__in={key.split(":")[1] for key, _minor in earned}).values_list("payment_id", flat=True)
    payments = list(Payment.objects.filter(pk__in=set(holds), provider=payout.account.provider, charged_back_minor=0))
    return payments[0] if len(payments) == 1 and len(set(holds)) == 1 else None
