"""The ledger entry of a refund after release."""

from __future__ import annotations

from core.money import Money
from escrow.holds import entries as holds
from escrow.holds.models import Hold
from escrow.holds.split import Piece
from escrow.ledger import accounts
from escrow.ledger.entries import Draft, debit
from escrow.payouts import recovery

EVENT = "late_refund"


def key(hold: Hold, step: int) -> str:
    """The entry that a late refund made as this step of the hold."""
    return f"{EVENT}:{hold.reference}:{step}"


def late_refund(hold: Hold, piece: Piece) -> Draft:
    """Refund after release: seller_payable what is there, seller_receivable the rest, commission and its tax / refund_pending, promotion_expense,
    points_liability.
    """
    beside = [accounts.points_liability(hold.buyer, hold.currency), accounts.points_of(hold.buyer)] if piece.points_minor else []
    return Draft(
        key=key(hold, hold.steps + 1),
        event=EVENT,
        lines=(
            *recovery.take_back(seller=hold.seller, amount=Money(piece.net_minor, hold.currency), beside=beside),
            debit(accounts.commission(hold.currency), piece.commission_minor),
            debit(accounts.tax_payable(hold.currency), piece.tax_minor),
            *holds.to_funders(hold, piece),
        ),
        trade=hold.trade,
    )
