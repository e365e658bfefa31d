"""The ledger entries of a chargeback that touch no held money; that one is in holds.entries.charge_back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.actors import Actor
from escrow.chargebacks.models import Chargeback
from escrow.holds.entries import to_funders
from escrow.holds.models import Hold
from escrow.holds.split import Piece
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Line, credit, debit


def _post(case: Chargeback, key: str, event: str, lines: Sequence[Line], *, actor: Actor, at: datetime, trade: str = "") -> None:
    ledger.post(key=key, event=event, lines=lines, trade=trade or case.payment.trade, actor=actor, at=at, note=f"chargeback {case.reference}")


def opened(case: Chargeback, *, actor: Actor, at: datetime) -> None:
    """Chargeback opened D, fee K: chargeback_receivable D; dispute_fees K / psp_balance D+K."""
    lines = [
        debit(case.account, case.amount_minor),
        debit(accounts.dispute_fees(case.currency), case.fee_minor),
        credit(accounts.psp_balance(case.provider, case.currency), case.amount_minor + case.fee_minor),
    ]
    _post(case, f"chargeback_opened:{case.ref}", "chargeback_opened", lines, actor=actor, at=at)


def won(case: Chargeback, *, back_minor: int, paid: Sequence[Line] = (), actor: Actor, at: datetime) -> None:
    """Chargeback won: psp_balance D / chargeback_receivable D, or, after it was lost, whoever had paid (`paid`). What came back of the fee
    lowers dispute_fees."""
    fees = accounts.dispute_fees(case.currency)
    more = back_minor - case.amount_minor
    lines = [
        debit(accounts.psp_balance(case.provider, case.currency), back_minor),
        *(paid or [credit(case.account, case.amount_minor)]),
        credit(fees, more) if more >= 0 else debit(fees, -more),
    ]
    _post(case, f"chargeback_won:{case.ref}", "chargeback_won", lines, actor=actor, at=at)


def lost_by_seller(case: Chargeback, hold: Hold, piece: Piece, taken: Sequence[Line], *, actor: Actor, at: datetime) -> None:
    """Chargeback lost, released: seller_payable / seller_receivable; commission, tax_payable / chargeback_receivable; coupons and points
    return to who gave them."""
    currency = hold.currency
    lines = [
        *taken,
        debit(accounts.commission(currency), piece.commission_minor),
        debit(accounts.tax_payable(currency), piece.tax_minor),
        *to_funders(hold, piece, cash=case.account),
    ]
    _post(case, f"chargeback_lost:{case.ref}:{hold.reference}:seller", "chargeback_lost", lines, actor=actor, at=at, trade=hold.trade)


def lost_by_platform(case: Chargeback, name: str, amount_minor: int, *, from_owed_minor: int = 0, actor: Actor, at: datetime) -> None:
    """Chargeback lost, platform absorbs: chargeback_loss / chargeback_receivable. What refunds that came back owe the buyer pays first."""
    lines = [
        debit(accounts.buyer_owed(case.currency), from_owed_minor),
        debit(accounts.chargeback_loss(case.currency), amount_minor - from_owed_minor),
        credit(case.account, amount_minor),
    ]
    _post(case, f"chargeback_lost:{case.ref}:{name}", "chargeback_lost", lines, actor=actor, at=at)


def covered(case: Chargeback, name: str, amount_minor: int, *, actor: Actor, at: datetime) -> None:
    """A refund came back after the bank had paid the buyer: nothing is owed, and the loss is smaller."""
    lines = [debit(accounts.buyer_owed(case.currency), amount_minor), credit(accounts.chargeback_loss(case.currency), amount_minor)]
    _post(case, f"chargeback_covered:{case.ref}:{name}", "chargeback_covered", lines, actor=actor, at=at)


def absorbed(case: Chargeback, paid: Sequence[Line], amount_minor: int, *, actor: Actor, at: datetime) -> None:
    """The platform bears what the seller had paid: chargeback_loss / seller_receivable, seller_payable."""
    lines = [debit(accounts.chargeback_loss(case.currency), amount_minor), *paid]
    _post(case, f"chargeback_absorbed:{case.ref}", "chargeback_absorbed", lines, actor=actor, at=at)
