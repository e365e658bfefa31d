"""How fast silence pays: the sweeper's batches against one transaction per release, on the same machine in the same minute."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock, references
from core.actors import CARRIER, PROVIDER, SYSTEM, Actor
from escrow.holds import operations as holds
from escrow.holds import signals, sweep
from escrow.holds.models import Hold, HoldPart
from escrow.payments.models import Payment
from tests.benchmarks.figures import tell

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY, SINGLE = 1_000, 100


def delivered(count: int) -> list[Hold]:
    """Funded and delivered holds of 40 sellers, two parts each."""
    at = clock.now()
    with transaction.atomic():
        made = []
        for number in range(count):
            trade = references.new()
            payment = Payment.objects.create(
                trade=trade, buyer="B", amount_minor=10_490, currency="EUR", provider="sandbox", state="succeeded", succeeded_at=at,
                snapshot_hash="0" * 64, return_url="https://souk.test", created_at=at, expires_at=at + timedelta(hours=1),
            )  # fmt: skip
            parts = [
                holds.PartDraft(line="A", gross_minor=10_000, commission_minor=800, tax_minor=160),
                holds.PartDraft(line="delivery", gross_minor=490),
            ]
            seller = f"SELLER{number % 40:06}"
            terms = holds.HoldTerms()
            made.append(holds.open(payment=payment, trade=trade, buyer="B", seller=seller, parts=parts, terms=terms, at=at, actor=Actor("user", "B")))
            holds.fund(payment=payment, at=at, actor=PROVIDER)
            holds.mark_delivered(hold=made[-1], by="carrier", at=at, actor=CARRIER)
    return made


def test_batches_release_much_faster_than_single_transactions() -> None:
    signals.hold_released.receivers, kept = [], signals.hold_released.receivers  # the escrow storey alone
    signals.hold_released.sender_receivers_cache.clear()
    try:
        single, _many = delivered(SINGLE), delivered(MANY)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        late = clock.now() + timedelta(days=20)
        begun = time.perf_counter()
        for hold in single:
            holds.release(hold=hold, reason="silence", actor=SYSTEM, at=late)
        one = SINGLE / (time.perf_counter() - begun)
        begun = time.perf_counter()
        assert sweep.move_due(at=late) == {"release": MANY}
        batch = MANY / (time.perf_counter() - begun)
    finally:
        signals.hold_released.receivers = kept
        signals.hold_released.sender_receivers_cache.clear()
    print(f"\nreleases a second: {one:.0f} one by one, {batch:.0f} in batches of {sweep.BATCH}, ratio {batch / one:.1f}")
    assert HoldPart.objects.exclude(released_cash_minor=0).count() == 2 * (MANY + SINGLE)
    tell("releases in batches against one by one", batch / one, at_least=5)
