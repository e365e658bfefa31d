"""The ledger entries of a hold, one function per business fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.actors import Actor
from escrow.holds.models import Hold, HoldPart
from escrow.holds.split import Piece
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Draft, Line, credit, debit


def _kept_in(hold: Hold) -> accounts.AccountName:
    return (accounts.hold_frozen if hold.state == "disputed" else accounts.hold)(hold.reference, hold.currency)


def _entry(hold: Hold, event: str, *lines: Line) -> Draft:
    return Draft(key=f"{event}:{hold.reference}:{hold.steps + 1}", event=event, lines=lines, trade=hold.trade)


def fund(hold: Hold, parts: Sequence[HoldPart], *, provider: str, payment: str) -> Draft:
    """The buyer's money arrives, with what coupons and points add to it."""
    currency = hold.currency
    return Draft(
        key=f"fund:{payment}:{hold.reference}",
        event="fund",
        lines=(
            debit(accounts.psp_clearing(provider, currency), hold.cash_minor),
            debit(accounts.promotion_expense(currency), sum(part.coupon_minor for part in parts)),
            debit(accounts.points_liability(hold.buyer, currency), sum(part.points_minor for part in parts)),
            credit(accounts.hold(hold.reference, currency), hold.gross_minor),
        ),
        trade=hold.trade,
    )


def freeze(hold: Hold) -> Draft:
    """Everything undecided stands still."""
    account, frozen = accounts.hold(hold.reference, hold.currency), accounts.hold_frozen(hold.reference, hold.currency)
    return _entry(hold, "freeze", debit(account, hold.left_minor), credit(frozen, hold.left_minor))


def unfreeze(hold: Hold) -> Draft:
    """The same money, moving again."""
    account, frozen = accounts.hold(hold.reference, hold.currency), accounts.hold_frozen(hold.reference, hold.currency)
    return _entry(hold, "unfreeze", debit(frozen, hold.left_minor), credit(account, hold.left_minor))


def release(hold: Hold, piece: Piece) -> Draft:
    """To the seller, less commission and the tax on it."""
    currency = hold.currency
    return _entry(
        hold,
        "release",
        debit(_kept_in(hold), piece.amount_minor),
        credit(accounts.seller_payable(hold.seller, currency), piece.net_minor),
        credit(accounts.commission(currency), piece.commission_minor),
        credit(accounts.tax_payable(currency), piece.tax_minor),
    )


def refund(hold: Hold, piece: Piece) -> Draft:
    """Back to whoever paid it: the buyer's card, the coupon's funder, the buyer's points."""
    currency = hold.currency
    return _entry(
        hold,
        "refund",
        debit(_kept_in(hold), piece.amount_minor),
        credit(accounts.refund_pending(currency), piece.cash_minor),
        credit(accounts.promotion_expense(currency), piece.coupon_minor),
        credit(accounts.points_liability(hold.buyer, currency), piece.points_minor),
    )


def write(entries: Sequence[Draft], *, actor: Actor, at: datetime) -> None:
    """Post them in this transaction, in one round trip."""
    ledger.post_many(entries, actor=actor, at=at)
