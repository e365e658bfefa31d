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
from escrow.points import entries as points


def _kept_in(hold: Hold) -> accounts.AccountName:
    frozen = hold.state == "disputed" or hold.chargeback_open
    return (accounts.hold_frozen if frozen else accounts.hold)(hold.reference, hold.currency)


def _entry(hold: Hold, event: str, *lines: Line) -> Draft:
    return Draft(key=f"{event}:{hold.reference}:{hold.steps + 1}", event=event, lines=lines, trade=hold.trade)


def set_points_aside(hold: Hold, minor: int) -> Draft:
    """The buyer will pay some of it with points: from now on they are spent nowhere else."""
    lines = (*points.taken(hold.buyer, minor, hold.currency), credit(accounts.points_set_aside(hold.reference, hold.currency), minor))
    return Draft(key=f"points_set_aside:{hold.reference}", event="points_set_aside", lines=lines, trade=hold.trade)


def bring_points_back(hold: Hold, minor: int) -> Draft:
    """The payment was never made: the points are the buyer's again."""
    lines = (debit(accounts.points_set_aside(hold.reference, hold.currency), minor), *points.given(hold.buyer, minor, hold.currency))
    return Draft(key=f"points_brought_back:{hold.reference}", event="points_brought_back", lines=lines, trade=hold.trade)


def fund(hold: Hold, parts: Sequence[HoldPart], *, provider: str, payment: str) -> Draft:
    """Fund: the buyer's money arrives, with what our coupons and the points that were set aside add to it.

    What a seller's own discount takes off is nobody's money: the hold never had it, so that nothing of it is booked or given back.
    """
    currency = hold.currency
    return Draft(
        key=f"fund:{payment}:{hold.reference}",
        event="fund",
        lines=(
            debit(accounts.psp_clearing(provider, currency), hold.cash_minor),
            debit(accounts.promotion_expense(currency), sum(part.coupon_minor for part in parts)),
            debit(accounts.points_set_aside(hold.reference, currency), sum(part.points_minor for part in parts)),
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


def to_funders(hold: Hold, piece: Piece, *, cash: accounts.AccountName | None = None) -> tuple[Line, ...]:
    """The lines that give a piece back to whoever paid it; every way of giving back ends in them. `cash`: the buyer has it already, from there."""
    return (
        credit(cash or accounts.refund_pending(hold.currency), piece.cash_minor),
        credit(accounts.promotion_expense(hold.currency), piece.coupon_minor),
        *(points.given(hold.buyer, piece.points_minor, hold.currency) if piece.points_minor else ()),
    )


def refund(hold: Hold, piece: Piece) -> Draft:
    """Back to whoever paid it: the buyer's card, the coupon's funder, the buyer's points."""
    return _entry(
        hold,
        "refund",
        debit(_kept_in(hold), piece.amount_minor),
        *to_funders(hold, piece),
    )


def divide(hold: Hold, given: Piece, paid: Piece) -> Draft:
    """Divide by ruling: what goes back to its funders and what is paid to the seller, in one entry out of the frozen money."""
    currency = hold.currency
    return _entry(
        hold,
        "divide",
        debit(_kept_in(hold), given.amount_minor + paid.amount_minor),
        credit(accounts.seller_payable(hold.seller, currency), paid.net_minor),
        credit(accounts.commission(currency), paid.commission_minor),
        credit(accounts.tax_payable(currency), paid.tax_minor),
        *to_funders(hold, given),
    )


def charge_back(hold: Hold, piece: Piece, *, key: str, taken: accounts.AccountName) -> Draft:
    """Chargeback lost, still held: hold_frozen / chargeback_receivable; what coupons and points had added returns to who gave it."""
    frozen = accounts.hold_frozen(hold.reference, hold.currency)
    lines = (debit(frozen, piece.amount_minor), *to_funders(hold, piece, cash=taken))
    return Draft(key=key, event="chargeback_lost", lines=lines, trade=hold.trade)


def write(entries: Sequence[Draft], *, actor: Actor, at: datetime) -> None:
    """Post them in this transaction, in one round trip."""
    ledger.post_many(entries, actor=actor, at=at)
