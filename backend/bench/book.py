"""The book alone, without pages: bare entries, and silence that pays in batches."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from backend.bench.figures import Rate
from core import references
from core.actors import CARRIER, PROVIDER, SYSTEM, Actor
from escrow.holds import operations as holds
from escrow.holds import sweep
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.operations import Draft, credit, debit
from escrow.payments.models import Payment
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders.models import Order

BATCH = 50
SELLERS = 40
ROUNDS = 4


def postings(count: int, *, at: datetime) -> Rate:
    """Lines a second of entries with two lines each, every trigger on, all onto one commission account."""
    clearing, commission = accounts.psp_clearing("sandbox", "EUR"), accounts.commission("EUR")
    lines = (debit(clearing, 100), credit(commission, 100))
    begun = time.perf_counter()
    for first in range(0, count // 2, BATCH):
        drafts = [Draft(key=f"bench:{number}", event="bench", lines=lines, trade="") for number in range(first, min(first + BATCH, count // 2))]
        with transaction.atomic():
            ledger.post_many(drafts, actor=SYSTEM, at=at)
    return Rate(round(count / (time.perf_counter() - begun), 1), count)


def releases(count: int, *, at: datetime) -> Rate:
    """Holds a second whose inspection ended in silence, with commission, through the sweeper that the worker runs."""
    return Rate(round(count / _released(count, sellers=SELLERS, at=at), 1), count)


def hot_seller(count: int, *, at: datetime) -> tuple[Rate, float]:
    """The same when all are one seller's, and its ratio to many sellers'. In turns, so that the same minute weighs both."""
    each, seconds = max(BATCH, count // ROUNDS), {1: 0.0, SELLERS: 0.0}
    for number in range(2 * ROUNDS):
        sellers = (SELLERS, 1)[number % 2] if number % 4 < 2 else (1, SELLERS)[number % 2]
        seconds[sellers] += _released(each, sellers=sellers, at=at + timedelta(days=30 * (number + 1)))
    return Rate(round(ROUNDS * each / seconds[1], 1), ROUNDS * each), round(seconds[SELLERS] / seconds[1], 3)


def _released(count: int, *, sellers: int, at: datetime) -> float:
    """Seconds to pay so many holds, once they are there and due."""
    for first in range(0, count, BATCH):
        with transaction.atomic():
            for number in range(first, min(first + BATCH, count)):
                _delivered_hold(number % sellers, at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    begun = time.perf_counter()
    moved = sweep.move_due(at=at + timedelta(days=20), most=count)
    seconds = time.perf_counter() - begun
    if moved["release"] < count:
        raise RuntimeError(f"Only {moved['release']} of {count} holds were released.")
    return seconds


def _delivered_hold(seller: int, at: datetime) -> None:
    trade = references.new()
    payment = Payment.objects.create(
        trade=trade, buyer="B", amount_minor=10_490, currency="EUR", provider="sandbox", state="succeeded", succeeded_at=at,
        snapshot_hash="0" * 64, return_url="https://souk.example", created_at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip
    goods = holds.PartDraft(line="A", gross_minor=10_000, commission_minor=800, tax_minor=160)
    parts = [goods, holds.PartDraft(line="delivery", gross_minor=490)]
    buyer, terms = Actor("user", "B"), holds.HoldTerms()
    hold = holds.open(payment=payment, trade=trade, buyer="B", seller=f"SELLER{seller:06}", parts=parts, terms=terms, at=at, actor=buyer)
    holds.fund(payment=payment, at=at, actor=PROVIDER)
    holds.mark_delivered(hold=hold, by="carrier", at=at, actor=CARRIER)


def send_parcels(orders: Sequence[tuple[str, str]], sellers: dict[int, Actor], *, at: datetime) -> None:
    """The sellers ship what was bought, so that the buyers may confirm."""
    for order in Order.objects.with_everything().filter(reference__in=[reference for reference, _ in orders]):
        shipping.send(order=order, carrier="sandbox", tracking_number="", actor=sellers[order.vendor_id], at=at)
