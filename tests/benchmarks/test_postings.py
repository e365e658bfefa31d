"""Speed of the book as a ratio to this machine's own speed, so that a slow machine does not fail and a slow change does.

The yardstick is the cheapest thing the database could do instead: one INSERT of one narrow row per entry.
Run with `-s` to see the figures.
"""

import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from core import clock
from core.actors import SYSTEM
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.operations import Draft, credit, debit
from tests.benchmarks.figures import tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ENTRIES, BATCH, ROUNDS = 1_000, 50, 3
CLEARING, COMMISSION = accounts.psp_clearing("sandbox", "EUR"), accounts.commission("EUR")


def best_rate(work: Callable[[int], None]) -> float:
    """Entries per second in the best of some rounds; the first round warms caches and is not counted."""
    work(0)
    rates = []
    for number in range(1, ROUNDS + 1):
        started = time.perf_counter()
        work(number)
        rates.append(ENTRIES / (time.perf_counter() - started))
    return max(rates)


def plain_rows(number: int) -> None:
    for _batch in range(ENTRIES // BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            for row in range(BATCH):
                cursor.execute("INSERT INTO yardstick (body) VALUES (%s)", [f"{number}:{row}"])


def bare_entries(number: int) -> None:
    at = clock.now()
    for batch in range(ENTRIES // BATCH):
        drafts = [
            Draft(key=f"bare:{number}:{batch}:{row}", event="bench", lines=(debit(CLEARING, 100), credit(COMMISSION, 100)), trade="")
            for row in range(BATCH)
        ]
        with transaction.atomic():
            ledger.post_many(drafts, actor=SYSTEM, at=at)


def guarded_entries(sellers: int) -> Callable[[int], None]:
    """Entries onto kept balances of so many sellers."""

    def work(number: int) -> None:
        at = clock.now()
        for batch in range(ENTRIES // BATCH):
            drafts = [
                Draft(
                    key=f"guarded:{sellers}:{number}:{batch}:{row}",
                    event="bench",
                    lines=(debit(CLEARING, 100), credit(accounts.seller_payable(f"S{row % sellers}", "EUR"), 100)),
                    trade="",
                )
                for row in range(BATCH)
            ]
            with transaction.atomic():
                ledger.post_many(drafts, actor=SYSTEM, at=at)

    return work


def test_postings_keep_pace_with_plain_inserts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (id bigserial PRIMARY KEY, body text)")
    try:
        plain, bare = best_rate(plain_rows), best_rate(bare_entries)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE yardstick")
    print(f"\nplain rows {plain:,.0f}/s, bare entries {bare:,.0f}/s ({2 * bare:,.0f} postings/s), ratio {bare / plain:.2f}")
    tell("bare entries against plain inserts", bare / plain, at_least=0.1)


def test_a_hot_seller_is_as_fast_as_many() -> None:
    spread, hot = best_rate(guarded_entries(50)), best_rate(guarded_entries(1))
    print(f"\nspread over 50 sellers {spread:,.0f}/s, one hot seller {hot:,.0f}/s, ratio {hot / spread:.2f}")
    tell("one hot seller against fifty", hot / spread, at_least=0.9)
