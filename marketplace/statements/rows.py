"""The lines of a statement, from ledger entries that touch what we owe a shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Money
from escrow.ledger.queries import BookLine

PAYOUT_EVENTS: Final = frozenset({"transfer_asked", "transfer_failed", "transfer_reversed"})
WORDS: Final[dict[str, Promise]] = {
    "release": _("Sale"),
    "divide": _("Sale, as decided"),
    "late_refund": _("Refund after the sale"),
    "transfer_asked": _("Payout"),
    "transfer_failed": _("Payout that came back"),
    "transfer_reversed": _("Payout that came back"),
    "reserve_kept": _("Kept in reserve"),
    "reserve_freed": _("Freed from the reserve"),
    "net": _("Set against what was owed"),
    "chargeback_lost": _("Taken back by the buyer's bank"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `commission` contains the `tax` on it; `net` is what it changed between us and the shop; `balance` what we owed it afterwards."""

    at: datetime
    event: str
    hold: str
    key: str
    gross: Money
    commission: Money
    tax: Money
    net: Money
    balance: Money

    @property
    def words(self) -> str | Promise:
        return WORDS.get(self.event, _("Correction"))

    @property
    def is_payout(self) -> bool:
        return self.event in PAYOUT_EVENTS


def rows_of(lines: Iterable[BookLine], *, mine: frozenset[str], currency: str, opening_minor: int) -> Iterator[Row]:
    """`lines`: every line, in order, of each entry that touches one of the accounts `mine`; commission is what the same entry gave us."""
    balance = opening_minor
    for _key, group in groupby(lines, key=lambda line: line.key):
        entry = list(group)
        net = -sum(line.amount_minor for line in entry if line.account in mine)
        tax = _given_to(entry, "tax_payable")
        fee = _given_to(entry, "commission") + tax
        balance += net
        first = entry[0]
        is_payout = first.event in PAYOUT_EVENTS
        yield Row(
            at=first.at,
            event=first.event,
            hold=_hold_in(first.key),
            key=first.key,
            gross=Money(0 if is_payout else net + fee, currency),
            commission=Money(fee, currency),
            tax=Money(tax, currency),
            net=Money(net, currency),
            balance=Money(balance, currency),
        )


def _given_to(entry: Iterable[BookLine], account: str) -> int:
    return -sum(line.amount_minor for line in entry if line.account.split(":")[0] == account)


def _hold_in(key: str) -> str:
    """Entries about a hold carry its reference after their event: release:7K2M…:1."""
    words = key.split(":")
    return words[1] if len(words) > 2 else ""
