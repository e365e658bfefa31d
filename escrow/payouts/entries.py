"""The ledger entries of a payout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.actors import Actor
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Line, credit, debit
from escrow.payouts.models import Payout, Reserve
from escrow.providers.base import ProviderReversal


def _post(payout: Payout, key: str, event: str, *lines: Line, actor: Actor, at: datetime) -> None:
    ledger.post(key=key, event=event, lines=lines, trade="", actor=actor, at=at, note=f"payout {payout.reference}")


def asked(payout: Payout, *, actor: Actor, at: datetime) -> None:
    """No longer available: it is on its way. Refused by the ledger when it is not there."""
    _post(
        payout,
        f"transfer_asked:{payout.reference}",
        "transfer_asked",
        debit(accounts.seller_payable(payout.seller, payout.currency), payout.amount_minor),
        credit(accounts.transfer_transit(payout.currency), payout.amount_minor),
        actor=actor,
        at=at,
    )


def confirmed(payout: Payout, *, actor: Actor, at: datetime) -> None:
    """It left our balance for the seller's account at the provider; the memo book mirrors that account."""
    _post(
        payout,
        f"transfer_confirmed:{payout.transfer_ref}",  # the provider's statement finds it by this name
        "transfer_confirmed",
        debit(accounts.transfer_transit(payout.currency), payout.amount_minor),
        credit(accounts.psp_balance(payout.account.provider, payout.currency), payout.amount_minor),
        debit(accounts.memo_connected(payout.seller, payout.currency), payout.amount_minor),
        credit(accounts.memo_contra(payout.currency), payout.amount_minor),
        actor=actor,
        at=at,
    )


def failed(payout: Payout, *, actor: Actor, at: datetime) -> None:
    """It never left: available again."""
    _post(
        payout,
        f"transfer_failed:{payout.reference}",
        "transfer_failed",
        debit(accounts.transfer_transit(payout.currency), payout.amount_minor),
        credit(accounts.seller_payable(payout.seller, payout.currency), payout.amount_minor),
        actor=actor,
        at=at,
    )


def reversed_there(payout: Payout, back: ProviderReversal, to_seller: Sequence[Line], *, actor: Actor, at: datetime) -> None:
    """Part of the first leg is on our balance again: it pays the seller's debt first, the rest is available to them."""
    _post(
        payout,
        f"transfer_reversed:{back.ref}",  # the provider's statement finds it by this name
        "transfer_reversed",
        debit(accounts.psp_balance(payout.account.provider, payout.currency), back.amount.amount_minor),
        *to_seller,
        debit(accounts.memo_contra(payout.currency), back.amount.amount_minor),
        credit(accounts.memo_connected(payout.seller, payout.currency), back.amount.amount_minor),
        actor=actor,
        at=at,
    )


def bank_asked(payout: Payout, *, actor: Actor, at: datetime) -> None:
    """The provider sends it to the seller's bank. Memo book only: it is the seller's money already."""
    _post(
        payout,
        f"payout_asked:{payout.reference}:{payout.attempt}",
        "payout_asked",
        debit(accounts.memo_contra(payout.currency), payout.bank_minor),
        credit(accounts.memo_connected(payout.seller, payout.currency), payout.bank_minor),
        actor=actor,
        at=at,
    )


def bank_returned(payout: Payout, *, actor: Actor, at: datetime) -> None:
    """The bank sent it back, perhaps after it was paid: it lies in the seller's account at the provider again."""
    _post(
        payout,
        f"payout_returned:{payout.reference}:{payout.attempt}",
        "payout_returned",
        debit(accounts.memo_connected(payout.seller, payout.currency), payout.bank_minor),
        credit(accounts.memo_contra(payout.currency), payout.bank_minor),
        actor=actor,
        at=at,
    )


def reserve_kept(row: Reserve, *, actor: Actor, at: datetime) -> None:
    """Reserve kept back: seller_payable / reserve."""
    _reserve(row, f"reserve_kept:{row.reference}", "reserve_kept", row.amount_minor, actor=actor, at=at)


def reserve_freed(row: Reserve, minor: int, *, actor: Actor, at: datetime) -> None:
    """Reserve freed, all of it or a part: reserve / seller_payable."""
    _reserve(row, f"reserve_freed:{row.reference}:{row.left_minor}", "reserve_freed", -minor, actor=actor, at=at)


def _reserve(row: Reserve, key: str, event: str, minor: int, *, actor: Actor, at: datetime) -> None:
    payable, kept = accounts.seller_payable(row.party, row.currency), accounts.reserve(row.party, row.currency)
    lines = [debit(payable, minor), credit(kept, minor)] if minor > 0 else [debit(kept, -minor), credit(payable, -minor)]
    ledger.post(key=key, event=event, lines=lines, trade="", actor=actor, at=at, note=f"reserve {row.reference}")
