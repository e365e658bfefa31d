"""Bring a market back from its backup, into an empty place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from backend import fresh
from backend.backups import BackupRefused, archive, programs
from escrow.ledger import checks
from search import operations as search


@dataclass(frozen=True)
class Restored:
    """What came back, and what the book says of it."""

    taken_at: str
    pictures: int
    listings: int
    violations: list[str]


def restore(file: Path, *, force: bool, at: Callable[[], datetime], progress: Callable[[str], object]) -> Restored:
    """Verify, refuse, restore the database in one transaction, then the pictures, then a new index, then the proof."""
    progress("Reading the backup …")
    manifest = archive.verified(file)
    _refuse_newer(manifest["migrations"])
    media = Path(settings.MEDIA_ROOT)
    _refuse_taken(media, force=force)
    with tempfile.TemporaryDirectory(prefix="souk-restore-") as folder:
        dump, beside = Path(folder) / archive.DATABASE, media.with_name(f"{media.name}.restored")
        shutil.rmtree(beside, ignore_errors=True)
        pictures = archive.unpack(file, dump=dump, media=beside)
        progress("Restoring the database …")
        if connection.introspection.table_names():
            fresh.empty()
        connection.close()
        programs.run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={_name()}", dump)
        shutil.rmtree(media, ignore_errors=True)
        if beside.exists():
            beside.rename(media)
    call_command("migrate", verbosity=0, interactive=False)  # the backup may be older than the code
    progress("Building the search index and proving the books …")
    listings = search.rebuild(at=at())
    return Restored(manifest["taken_at"], pictures, listings, [str(violation) for violation in checks.violations()])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _refuse_newer(applied: list[str]) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(applied) - known):
        raise BackupRefused(f"This backup was taken by a newer version of Souk ({unknown[0]} is not known here). Install that version first.")


def _refuse_taken(media: Path, *, force: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        others = cursor.fetchone()[0]
    if others:
        raise BackupRefused(f"The database is in use by {others} other connections. Stop the web servers and workers first.")
    if not force and (connection.introspection.table_names() or (media.is_dir() and any(media.iterdir()))):
        raise BackupRefused("There is a market here already. Choose an empty place, or say --force to throw away what is here.")
