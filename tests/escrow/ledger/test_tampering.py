"""Somebody with every right on the database changes one value of one row: the proof finds it, and names the row.

The suite tries a few dozen rows, `./souk prove` a thousand.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock, jobs
from core.money import Money
from escrow.holds import operations as holds
from escrow.ledger import checks
from escrow.ledger.jobs import seal_transfers
from escrow.payments.settlement import operations as settlement
from escrow.payouts import operations as payouts
from marketplace.orders import operations as orders
from tests.factories import trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TIMES = 1_000 if os.environ.get("SOUK_PROVE") else 40
SEED = 20_261_123

# What a thief would change, by table; and how a row is called in the proof: whatever of these words a violation names.
COLUMNS = {
    "escrow_transfer": ["key", "event", "at", "trade", "actor", "note", "body_hash", "written_at"],
    "escrow_posting": ["transfer_id", "account_id", "amount_minor"],
    "escrow_account": ["code", "kind", "normal", "balance_minor", "guarded"],
    "escrow_seal": ["transfer_id", "sequence", "digest"],
    "escrow_hold": ["gross_minor", "cash_minor", "refunded_minor", "released_minor", "state", "reference", "payment_id"],
    "escrow_holdpart": [
        "gross_minor",
        "cash_minor",
        "refunded_cash_minor",
        "released_cash_minor",
        "hold_id",
        "commission_minor",
        "charged_tax_minor",
    ],
    "escrow_payment": ["amount_minor", "state", "reference"],
    "escrow_refund": ["amount_minor", "state"],
    "escrow_payout": ["amount_minor", "state", "seller"],
    "escrow_providermovement": ["gross_minor", "fee_minor", "entry_key"],
}
NAMES = {
    "escrow_transfer": "SELECT key FROM escrow_transfer WHERE id = {id}",
    "escrow_posting": "SELECT unnest(ARRAY[transfer.key, account.code]) FROM escrow_posting posting JOIN escrow_transfer transfer"
    " ON transfer.id = posting.transfer_id JOIN escrow_account account ON account.id = posting.account_id WHERE posting.id = {id}",
    "escrow_account": "SELECT code FROM escrow_account WHERE id = {id} UNION SELECT transfer.key FROM escrow_posting posting"
    " JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id WHERE posting.account_id = {id}",
    "escrow_seal": "SELECT transfer.key FROM escrow_transfer transfer JOIN escrow_seal seal ON seal.transfer_id = transfer.id"
    " WHERE seal.id IN ({id}, {id} + 1)",
    "escrow_hold": "SELECT unnest(ARRAY[hold.reference, payment.reference]) FROM escrow_hold hold"
    " JOIN escrow_payment payment ON payment.id = hold.payment_id WHERE hold.id = {id}",
    "escrow_holdpart": "SELECT reference FROM escrow_hold WHERE id = (SELECT hold_id FROM escrow_holdpart WHERE id = {id})",
    "escrow_payment": "SELECT reference FROM escrow_payment WHERE id = {id}",
    "escrow_refund": "SELECT unnest(ARRAY[reference, hold, 'refund_pending']) FROM escrow_refund WHERE id = {id}",
    "escrow_payout": "SELECT unnest(ARRAY[reference, seller, 'transfer_transit']) FROM escrow_payout WHERE id = {id}",
    "escrow_providermovement": "SELECT unnest(ARRAY[ref, entry_key, 'sandbox']) FROM escrow_providermovement WHERE id = {id}",
}
WORDS = {"kind": ["asset", "expense"], "state": ["expired", "failed", "released", "succeeded"], "normal": [1, -1], "guarded": [True, False]}


@pytest.fixture
def book(transactional_db: None) -> None:
    """Orders that were released, given back in part, cancelled, disputed and are under way; payouts; all settled, proved and sealed."""
    at = clock.now
    released, shaved, cancelled, disputed = (trade.delivered_order(), trade.delivered_order(), trade.paid_order(), trade.delivered_order())
    trade.paid_order()
    _owner, seller = trade.seller_of(released)
    orders.confirm_receipt(order=released, actor=trade.buyer_of(released), at=at())
    holds.refund(hold=shaved.hold, amount=Money(333, "EUR"), reason="a scratch", at=at(), actor=seller)
    orders.confirm_receipt(order=shaved, actor=trade.buyer_of(shaved), at=at())
    orders.cancel_by_buyer(order=cancelled, reason="too late", actor=trade.buyer_of(cancelled), at=at())
    orders.report_issue(order=disputed, reason="damaged", words="Broken", actor=trade.buyer_of(disputed), at=at())
    jobs.run_due()
    payouts.ensure_account(party=released.vendor.party.key, currency="EUR", country="FR", actor=seller, at=at())
    jobs.run_due()
    payouts.request(seller=released.vendor.party.key, currency="EUR", amount=Money(400, "EUR"), actor=seller, at=at())
    jobs.run_due()
    settlement.read_statement(provider="sandbox")
    settlement.explain_waiting(at=at())
    seal_transfers.func()
    assert checks.violations() == []


def test_every_changed_row_is_found_and_named(book: None) -> None:
    dice = random.Random(SEED)
    missed = []
    for _time in range(TIMES):
        table = dice.choice(list(COLUMNS))
        column = dice.choice(COLUMNS[table])
        with undone() as cursor:
            cursor.execute(f"SELECT id FROM {table} ORDER BY id")
            row = dice.choice(cursor.fetchall())[0]
            names = _names(cursor, table, row)
            before, after = _change(cursor, dice, table, column, row)
            names |= _names(cursor, table, row)
            found = checks.violations()
        if not any(name in line for line in found for name in names):
            missed.append(f"{table}.{column} of {row}: {before!r} → {after!r}; named {sorted(names)}, found {found[:3]}")
    assert not missed, f"seed {SEED}:\n" + "\n".join(missed)


@pytest.mark.parametrize("table", ["escrow_transfer", "escrow_posting", "escrow_seal"])
def test_every_removed_row_is_found(book: None, table: str) -> None:
    dice = random.Random(SEED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id DESC OFFSET 1")  # the very last link of a chain can always be broken off
        ids = [row for (row,) in cursor.fetchall()]
    for row in dice.sample(ids, min(len(ids), max(3, TIMES // 20))):
        with undone() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row])
            assert checks.violations(), f"{table} {row}"


@contextmanager
def undone() -> Iterator[Any]:
    """As a superuser: no trigger and no foreign key stands in the way; and it did not happen."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True)


def _names(cursor: Any, table: str, row: int) -> set[str]:
    cursor.execute(NAMES[table].format(id=row))
    return {name for (name,) in cursor.fetchall() if name}


def _change(cursor: Any, dice: random.Random, table: str, column: str, row: int) -> tuple[Any, Any]:
    cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [row])
    before = cursor.fetchone()[0]
    after = _other(cursor, dice, table, column, before)
    with transaction.atomic():
        _without_rules(cursor, table)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [after, row])
    return before, after


def _without_rules(cursor: Any, table: str) -> None:
    """A superuser may drop the rules of a table too."""
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u')", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')


def _other(cursor: Any, dice: random.Random, table: str, column: str, before: Any) -> Any:
    """Another value of the same sort."""
    if column in WORDS:
        return dice.choice([word for word in WORDS[column] if word != before])
    if column.endswith("_id"):
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> %s", [before])
        return dice.choice(cursor.fetchall())[0]
    if isinstance(before, int):
        return before + dice.choice([-1, 1, 100])
    return before[:-1] + ("X" if before[-1:] != "X" else "Y") if isinstance(before, str) else before + (clock.now() - before) / 2
