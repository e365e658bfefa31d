"""A book of millions of postings, written by the database itself in seconds, and how long its proof takes: `./souk bench --book 2000000`.

Each order is a payment, a hold of one part, its entries (funded, settled by the statement, released with commission) and their seals.
The triggers are off while it is written: they are measured by `postings`, and `check_ledger` is what says that the book is true.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import psutil
from django.db import connection, transaction

from backend.env import ROOT
from escrow.ledger.jobs import seal_transfers

POSTINGS_OF_AN_ORDER = 9
SELLERS = 400
NOTHING = {"bigint": "0", "integer": "0", "smallint": "0", "character varying": "''", "text": "''", "boolean": "false"}
DAY = "'2026-01-01 12:00+00'::timestamptz + n * interval '1 second'"
FILL = [
    f"""INSERT INTO escrow_payment (reference, trade, buyer, amount_minor, currency, state, late, provider, provider_ref, method, hosted_url,
        description, snapshot_hash, return_url, tries_failed, created_at, expires_at, succeeded_at{{columns}})
    SELECT 'P' || lpad(n::text, 11, '0'), 'T' || lpad(n::text, 11, '0'), 'B00000000000', 10000, 'EUR', 'succeeded', false, 'bench',
        'pay_' || n, 'card', '', '', repeat('0', 64), '', 0, {DAY}, {DAY}, {DAY}{{values}} FROM generate_series(1, %(orders)s) n""",
    f"""INSERT INTO escrow_hold (reference, trade, payment_id, buyer, seller, currency, gross_minor, cash_minor, refunded_minor, released_minor,
        state, hand_over, handling_days, inspection_days, opened_at, funded_at, ended_at,
        delivered_by, due_move, frozen_from, chargeback_open, steps{{columns}})
    SELECT 'H' || lpad(n::text, 11, '0'), payment.trade, payment.id, payment.buyer, 'S' || lpad((n %% {SELLERS})::text, 11, '0'), 'EUR',
        10000, 10000, 0, 10000, 'closed', 'parcel', 2, 14, {DAY}, {DAY}, {DAY}, '', '', '', false, 1{{values}}
    FROM generate_series(1, %(orders)s) n JOIN escrow_payment payment ON payment.reference = 'P' || lpad(n::text, 11, '0')""",
    """INSERT INTO escrow_holdpart (hold_id, line, gross_minor, cash_minor, coupon_minor, coupon_funder, points_minor, commission_minor, tax_minor,
        refunded_cash_minor, refunded_coupon_minor, refunded_points_minor, released_cash_minor, released_coupon_minor, released_points_minor,
        charged_commission_minor, charged_tax_minor, waived_commission_minor, waived_tax_minor{columns})
    SELECT id, 'A', 10000, 10000, 0, '', 0, 800, 160, 0, 0, 0, 10000, 0, 0, 800, 160, 0, 0{values} FROM escrow_hold""",
    """INSERT INTO escrow_holdevent (hold_id, name, at, actor_kind, actor_reference, before, after, amount_minor, reason, entry)
    SELECT id, told.name, funded_at, 'system', '', '', told.after, 10000, '', told.entry FROM escrow_hold CROSS JOIN LATERAL (VALUES
        (1, 'open', 'pending', 'terms:' || encode(sha256('A|10000|10000|0||0|800|160'), 'hex')),
        (2, 'release', 'released', 'release:' || reference || ':1'), (3, 'close', 'closed', '')) told (number, name, after, entry)
    ORDER BY id, number""",
    """INSERT INTO escrow_account (code, kind, currency, normal, keeps_balance, guarded, balance_minor) VALUES
        ('psp_clearing:bench:EUR', 'asset', 'EUR', 1, false, false, 0), ('psp_balance:bench:EUR', 'asset', 'EUR', 1, false, false, 0),
        ('psp_fees:EUR', 'expense', 'EUR', 1, false, false, 0), ('commission:EUR', 'income', 'EUR', -1, false, false, 0),
        ('tax_payable:EUR', 'liability', 'EUR', -1, false, false, 0)""",
    """INSERT INTO escrow_account (code, kind, currency, normal, keeps_balance, guarded, balance_minor)
    SELECT 'hold:' || reference, 'liability', 'EUR', -1, true, true, 0 FROM escrow_hold
    UNION ALL SELECT 'seller_payable:' || seller || ':EUR', 'liability', 'EUR', -1, true, true, 9040 * count(*) FROM escrow_hold GROUP BY seller""",
    f"""INSERT INTO escrow_transfer (key, event, at, trade, body_hash, actor, note, xact)
    SELECT CASE kind WHEN 1 THEN 'fund:P' || number || ':H' || number WHEN 2 THEN 'settle:bench:txn_' || n ELSE 'release:H' || number || ':1' END,
        (ARRAY['fund', 'settle', 'release'])[kind], {DAY}, 'T' || number, md5(n::text), 'system', '', 0
    FROM generate_series(1, %(orders)s) n, generate_series(1, 3) kind, lpad(n::text, 11, '0') number ORDER BY n, kind""",
    """INSERT INTO escrow_posting (transfer_id, account_id, currency, amount_minor)
    SELECT entry.id, account.id, 'EUR', line.amount FROM escrow_transfer entry
    JOIN escrow_hold hold ON hold.trade = entry.trade
    CROSS JOIN LATERAL (VALUES
        ('fund', 'psp_clearing:bench:EUR', 10000), ('fund', 'hold:' || hold.reference, -10000),
        ('settle', 'psp_balance:bench:EUR', 9700), ('settle', 'psp_fees:EUR', 300), ('settle', 'psp_clearing:bench:EUR', -10000),
        ('release', 'hold:' || hold.reference, 10000), ('release', 'seller_payable:' || hold.seller || ':EUR', -9040),
        ('release', 'commission:EUR', -800), ('release', 'tax_payable:EUR', -160)) line (event, code, amount)
    JOIN escrow_account account ON account.code = line.code WHERE line.event = entry.event ORDER BY entry.id""",
    f"""INSERT INTO escrow_providermovement (provider, ref, kind, source_ref, currency, gross_minor, fee_minor, created_at, available_at, entry_key)
    SELECT 'bench', 'txn_' || n, 'payment', 'pay_' || n, 'EUR', 10000, 300, {DAY}, {DAY}, 'settle:bench:txn_' || n
    FROM generate_series(1, %(orders)s) n""",
]


@dataclass(frozen=True)
class Proof:
    """`ratio`: seconds by the seconds of one bare pass over the postings, which no proof can do without."""

    postings: int
    transfers: int
    seconds: float
    bare_seconds: float
    ratio: float
    peak_mb: float
    small_peak_mb: float
    violations: int

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


def weigh(postings: int) -> Proof:
    """Fill, seal, and prove; the proof in a process of its own, as an operator runs it. First over nothing, to see what the process itself needs."""
    _nothing_violated, small_peak = _prove()
    fill(max(1, postings // POSTINGS_OF_AN_ORDER))
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT currency, sum(amount_minor), count(*), count(DISTINCT transfer_id) FROM escrow_posting GROUP BY currency")
        _currency, _sum, lines, transfers = cursor.fetchone()
    bare = time.perf_counter() - begun
    told, peak = _prove()
    seconds = float(told["seconds"])
    return Proof(lines, transfers, seconds, bare, seconds / bare, peak, small_peak, told["violations"])


def fill(orders: int) -> None:
    """The book of so many orders, sealed, in a database that has none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in FILL:
            cursor.execute(_with_newer_columns(statement), {"orders": orders})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    seal_transfers.func()


def _with_newer_columns(statement: str) -> str:
    """Columns that are zero or empty in this story may be added to a table without being named here."""
    if "{columns}" not in statement:
        return statement
    table = statement.split()[2]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO'",
            [table],
        )
        missing = [(name, kind) for name, kind in cursor.fetchall() if name not in statement and kind in NOTHING]
    return statement.format(columns="".join(f", {name}" for name, _kind in missing), values="".join(f", {NOTHING[kind]}" for _name, kind in missing))


def _prove() -> tuple[dict[str, int], float]:
    """What `check_ledger --json` says, and the most memory that it took, in megabytes."""
    command = [sys.executable, "-m", "backend", "check_ledger", "--json"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    looked, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            peak = max(peak, looked.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    said, _nothing = process.communicate()
    return json.loads(said), peak / 2**20
