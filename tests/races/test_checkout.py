"""Fifty buyers for ten pieces, over two processes: ten are sold, in every round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from escrow.models import Hold, Payment
from marketplace.catalog.stock import queries as stock
from marketplace.checkout.models import Checkout
from marketplace.orders.models import Order
from tests.factories.goods import person
from tests.factories.trade import basket, draft_checkout, goods, orders_of, pay

ROUNDS = int(os.environ.get("SOUK_PROVE_ROUNDS", "2"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_fifty_buyers_in_two_processes_buy_ten_pieces(round_number: int) -> None:
    before = deadlocks()
    listing = goods(on_hand=10)
    waiting = [draft_checkout(basket(listing, user=person())).reference for _ in range(50)]
    answers = [answer for half in _together([waiting[0::2], waiting[1::2]]) for answer in half]
    assert sorted(set(answers) - {"placed", "stock_short", "nothing_to_buy"}) == []
    assert answers.count("placed") == 10
    assert len(answers) == 50
    variant = listing.variants.get()
    assert (variant.on_hand, variant.reserved) == (10, 10)
    assert stock.miscounted() == []
    assert (Order.objects.count(), Hold.objects.count(), Payment.objects.count()) == (10, 10, 10)
    if round_number == 0:  # and all ten come through
        for checkout in Checkout.objects.filter(state="placed"):
            assert [order.state for order in orders_of(pay(checkout))] == ["paid"]
        variant.refresh_from_db()
        assert (variant.on_hand, variant.reserved) == (0, 0)
        assert stock.miscounted() == []
    assert deadlocks() == before


def deadlocks() -> int:
    """PostgreSQL counts every deadlock that it had to break."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _together(groups: list[list[str]]) -> list[list[str]]:
    """One process for each group, one thread for each buyer; all start when every process is ready."""
    command = [sys.executable, "-m", "tests.races.buyers", str(connection.settings_dict["NAME"])]
    crowd = [
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in groups
    ]
    for process, group in zip(crowd, groups, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(group) + "\n")
        process.stdin.flush()
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    starters = [threading.Thread(target=_go, args=(process,)) for process in crowd]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    return [json.loads(process.communicate(timeout=120)[0]) for process in crowd]


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
