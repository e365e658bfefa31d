"""The ledger entries of a hold, one function per business fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actors import Actor
from escrow.holds.models import Hold, HoldPart
from escrow.holds.split import Piece
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Line, credit, debit


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is not written yet."""

    key: str
    event: str
    trade: str
    lines: Sequence[Line]


def _kept_in(hold: Hold) -> accounts.AccountName:
    return (accounts.hold_frozen if hold.state == "disputed" else accounts.hold)(hold.reference, hold.currency)


def _entry(hold: Hold, event: str, *lines: Line) -> Entry:
    return Entry(f"{event}:{hold.reference}:{hold.steps + 1}", event, hold.trade, lines)


def fund(hold: Hold, parts: Sequence[HoldPart], *, provider: str, payment: str) -> Entry:
    """The buyer's money arrives, with what coupons and points add to it."""
    currency = hold.currency
    return Entry(
        f"fund:{payment}:{hold.reference}",
        "fund",
        hold.trade,
        [
            debit(accounts.psp_clearing(provider, currency), hold.cash_minor),
            debit(accounts.promotion_expense(currency), sum(part.coupon_minor for part in parts)),
            debit(accounts.points_liability(hold.buyer, currency), sum(part.points_minor for part in parts)),
            credit(accounts.hold(hold.reference, currency), hold.gross_minor),
        ],
    )


def freeze(hold: Hold) -> Entry:
    """Everything undecided stands still."""
    account, frozen = accounts.hold(hold.reference, hold.currency), accounts.hold_frozen(hold.reference, hold.currency)
    return _entry(hold, "freeze", debit(account, hold.left_minor), credit(frozen, hold.left_minor))


def unfreeze(hold: Hold) -> Entry:
    """The same money, moving again."""
    account, frozen = accounts.hold(hold.reference, hold.currency), accounts.hold_frozen(hold.reference, hold.currency)
    return _entry(hold, "unfreeze", debit(frozen, hold.left_minor), credit(account, hold.left_minor))


def release(hold: Hold, piece: Piece) -> Entry:
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


def refund(hold: Hold, piece: Piece) -> Entry:
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


def write(entries: Sequence[Entry], *, actor: Actor, at: datetime) -> None:
    """Post them in this transaction."""
    for entry in entries:
        ledger.post(key=entry.key, event=entry.event, lines=entry.lines, trade=entry.trade, actor=actor, at=at)
