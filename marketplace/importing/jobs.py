from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, cast

from django.core.files.storage import storages
from django.utils import translation

from core import clock, jobs
from core.actors import SYSTEM
from core.jobs import job
from marketplace.importing import fetching, operations
from marketplace.importing.models import Import
from marketplace.importing.states import RUNNING, UPLOADED
from marketplace.importing.words import FileRefused, ImportRunning

TURN_SECONDS = 15.0
"""So long a table keeps a worker before others get their turn."""
SILENCE = timedelta(seconds=45)
UNUSED = timedelta(days=7)


@job(queue="imports")
def run_import(reference: str) -> None:
    """One turn of it; the next turn is a new row of the queue. A killed worker's turn is begun anew by `keep_importing`."""
    batch = Import.objects.select_related("vendor", "user").get(reference=reference)
    with translation.override(batch.language):
        try:
            with storages["private"].open(batch.file) as file:
                batch = operations.run(batch=batch, file=cast(BinaryIO, file), now=clock.now, seconds=TURN_SECONDS)
        except FileNotFoundError:
            batch = operations.give_up(batch=batch, why=FileRefused("gone").message, at=clock.now())
        except ImportRunning:
            return  # somebody else is at it
    if batch.state == RUNNING:
        jobs.defer(run_import, reference=reference)


@job(queue="imports")
def keep_importing() -> None:
    """Every minute: tables whose worker died, and pictures whose time has come."""
    now = clock.now()
    for batch in Import.objects.silent_since(now - SILENCE).exclude(file=""):
        jobs.defer(run_import, key=f"import:{batch.reference}", reference=batch.reference)
    if fetching.is_due(at=now):
        jobs.defer(fetch_pictures, key="fetch-import-pictures")


@job(queue="imports")
def forget_unused_tables() -> None:
    """Every night: tables that nobody ever began."""
    now = clock.now()
    for batch in Import.objects.filter(state=UPLOADED, created_at__lt=now - UNUSED):
        operations.cancel(batch=batch, actor=SYSTEM, at=now)


@job(queue="files")
def fetch_pictures() -> None:
    """One turn of fetching; another is asked for while something is due."""
    if fetching.fetch_due(now=clock.now, seconds=TURN_SECONDS):
        jobs.defer(fetch_pictures, key="fetch-import-pictures")


@job(queue="files")
def forget_file(file: str) -> None:
    """What was imported needs its table no longer."""
    storages["private"].delete(file)
