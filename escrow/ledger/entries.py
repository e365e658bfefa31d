"""The words of an entry: a line, its check, and the fingerprint of the whole. Imports no Django."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from escrow.ledger.accounts import AccountName

LARGEST_MINOR = 10**15 - 1


class EntryInvalid(Exception):
    """A programming mistake: this entry could never be written. Not a fact of the market, so not a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One side of an entry: exactly one of debit and credit, never negative. A zero line is left out when the entry is written."""

    account: AccountName
    debit_minor: int = 0
    credit_minor: int = 0

    @property
    def amount_minor(self) -> int:
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be written: the business fact that makes it unique, and its lines."""

    key: str
    event: str
    lines: tuple[Line, ...]
    trade: str
    note: str = ""


def debit(account: AccountName, amount_minor: int) -> Line:
    return Line(account=account, debit_minor=amount_minor)


def credit(account: AccountName, amount_minor: int) -> Line:
    return Line(account=account, credit_minor=amount_minor)


def checked(lines: Sequence[Line]) -> list[Line]:
    """The lines that move something, if together they are an entry."""
    for line in lines:
        if line.debit_minor < 0 or line.credit_minor < 0 or (line.debit_minor and line.credit_minor):
            raise EntryInvalid(f"{line.account.code}: one side, not negative")
        if abs(line.amount_minor) > LARGEST_MINOR:
            raise EntryInvalid(f"{line.account.code}: {line.amount_minor} is too large to be true")
    moving = [line for line in lines if line.amount_minor]
    if len(moving) < 2:
        raise EntryInvalid("an entry has at least two lines")
    sums: defaultdict[str, int] = defaultdict(int)
    for line in moving:
        sums[line.account.currency] += line.amount_minor
    if wrong := {currency: total for currency, total in sums.items() if total}:
        raise EntryInvalid(f"not balanced: {wrong}")
    return moving


def body_hash(*, event: str, trade: str, lines: Sequence[Line]) -> str:
    """What the entry says, without when and by whom: a repeated fact has the same hash."""
    body = [event, trade, sorted((line.account.code, line.account.currency, line.amount_minor) for line in lines)]
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()
