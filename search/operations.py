"""Keeps the index equal to what is for sale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from core import crashes
from core.jobs import defer
from core.locks import refusing_to_wait
from search import collect
from search.backends import engine
from search.backends.base import EngineUnavailable
from search.models import INDEXER, OutboxEntry, SweepMark

log = structlog.get_logger(__name__)
BATCH = 2000  # each batch is a commit of the engine, and commits cost more than documents
REPRICING = "repricing"


def _silently(_done: int) -> None:
    """Nobody watches."""


def note_change(*, listing_id: int) -> None:
    """Remember, in the transaction of the change, that the index must look at this listing.

    Every change adds its own job, without a key: two transactions with one key would wait for each other.
    """
    OutboxEntry.objects.create(listing_id=listing_id)
    defer("search.jobs.drain_outbox", lock=INDEXER)
    crashes.point("outbox.noted")


def note_changes(*, listing_ids: Sequence[int]) -> None:
    """The same for many at once: a row each, and one job for all of them."""
    OutboxEntry.objects.bulk_create(OutboxEntry(listing_id=listing_id) for listing_id in listing_ids)
    defer("search.jobs.drain_outbox", lock=INDEXER)


def drain(*, at: datetime, wait: bool = True) -> int:
    """Bring the index up to date with every noted change; a missing or broken index is built anew. Returns how many listings.

    A batch is a transaction, so that the others see how far it is. With `wait=False` nothing is done while somebody else is at it.
    """
    done: set[int] = set()
    while True:
        with transaction.atomic():
            if not wait and not _is_free():
                return len(done)
            _alone()
            try:
                batch = _drain_batch(at)
            except EngineUnavailable as broken:
                if engine().generation():
                    log.warning("search_index_rebuilt", why=str(broken))
                else:  # a fresh folder: nothing was lost
                    log.info("search_index_built")
                return _rebuild(at, _silently)
        if not batch:
            return len(done)
        done |= batch


def waiting() -> int:
    """How many noted changes the index has not seen yet."""
    return OutboxEntry.objects.count()


def rebuild(*, at: datetime, progress: Callable[[int], None] = _silently) -> int:
    """A whole new index beside the old one, swapped in at the end. Changes meanwhile wait in the outbox and follow."""
    with transaction.atomic():
        _alone()
        return _rebuild(at, progress)


def mend(*, damaged: str, at: datetime) -> None:
    """Build the index anew unless somebody has done so since it was found damaged."""
    with transaction.atomic():
        _alone()
        if engine().generation() == damaged:
            log.warning("search_index_mended", damaged=damaged)
            _rebuild(at, _silently)


def reindex_repriced(*, at: datetime) -> int:
    """Note every listing whose special price began or ended since the last look."""
    with transaction.atomic():
        mark, _ = SweepMark.objects.select_for_update().get_or_create(name=REPRICING, defaults={"looked_until": at - timedelta(days=1)})
        if mark.looked_until >= at:
            return 0
        found = collect.repriced_between(mark.looked_until, at)
        for listing_id in found:
            note_change(listing_id=listing_id)
        SweepMark.objects.filter(pk=mark.pk).update(looked_until=at)
    return len(found)


def _drain_batch(at: datetime) -> set[int]:
    """The listings of the next batch; empty when nothing is noted."""
    entries = dict(OutboxEntry.objects.order_by("pk").values_list("pk", "listing_id")[:BATCH])
    ids = set(entries.values())
    if ids:
        documents = collect.documents_of(ids, at=at)
        engine().apply(put=documents, remove=sorted(ids - {document.key for document in documents}))
        crashes.point("outbox.indexed")
        OutboxEntry.objects.filter(pk__in=list(entries)).delete()
        crashes.point("outbox.cleared")
    return ids


def _rebuild(at: datetime, progress: Callable[[int], None]) -> int:
    built = engine().rebuild(collect.all_documents(at=at), progress=progress)
    while _drain_batch(at):
        pass
    return built


def _is_free() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7))", [INDEXER])
        return bool(cursor.fetchone()[0])


def _alone() -> None:
    """One indexer at a time across all machines: what it read is what it writes. Busy after the lock time-out; the job is tried again."""
    with refusing_to_wait(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [INDEXER])
