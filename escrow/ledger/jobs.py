"""Sealing history, outside the transactions that write it."""

import hashlib

from django.db import connection, transaction

from core import clock, crashes
from core.jobs import job
from escrow.ledger import proving
from escrow.ledger.models import Seal
from escrow.ledger.sealing import WAITING

BATCH = 5000


@job(queue="money")
def seal_transfers() -> None:
    """Chain the transfers that are final, batch by batch until none waits. One sealer at a time; a second one leaves at once."""
    while _seal_batch() == BATCH:
        pass


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('ledger sealer', 7))")
        if not cursor.fetchone()[0]:
            return 0
        last = Seal.objects.order_by("-sequence").first()
        digest, sequence = (last.digest, last.sequence) if last else ("", 0)
        cursor.execute(WAITING, [BATCH])
        seals = []
        for transfer_id, canonical in cursor.fetchall():
            digest, sequence = hashlib.sha256((digest + canonical).encode()).hexdigest(), sequence + 1
            seals.append(Seal(transfer_id=transfer_id, sequence=sequence, digest=digest))
        Seal.objects.bulk_create(seals, batch_size=1000)
        crashes.point("ledger.sealed")
        return len(seals)


@job(queue="money")
def prove_book() -> None:
    """Every hour: what `check_ledger` says, kept for the watch."""
    proving.prove(at=clock.now())
