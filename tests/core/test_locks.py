import threading
import time

import pytest
from django.db import connection, transaction

from core import locks
from core.errors import Busy

pytestmark = pytest.mark.django_db(transaction=True)


def test_trade_needs_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        locks.trade("A")


def test_trade_refuses_to_wait_for_ever() -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            locks.trade("A", "B")
            held.set()
            release.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with pytest.raises(Busy), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            locks.trade("C", "B")
    finally:
        release.set()
        holder.join()


def test_trades_taken_in_any_order_never_deadlock() -> None:
    done = []

    def take(*references: str) -> None:
        for _ in range(20):
            with transaction.atomic():
                locks.trade(*references)
                time.sleep(0.001)
        done.append(references)
        connection.close()

    threads = [threading.Thread(target=take, args=order) for order in (("A", "B", "C"), ("C", "B", "A"), ("B", "A", "C"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 3
