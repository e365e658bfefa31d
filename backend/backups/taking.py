"""Take a backup while the market is open: one snapshot of the database, and every picture that it names."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from backend.backups import BackupRefused, archive, programs

SESSIONS = tuple(f"--exclude-table-data={table}" for table in ("django_session", "usersessions_usersession"))


def take(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write the backup and read it again; answers its manifest.

    Pictures are never changed, only added and removed: those of before and after the snapshot together hold all that it names.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already. Choose another name: a backup never replaces one.")
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}. Make it, or choose another.")
    if not connection.introspection.table_names():
        raise BackupRefused("This database is empty: there is nothing to save.")
    with archive.written(target) as writer, tempfile.TemporaryDirectory(dir=target.parent, prefix=".souk-backup-") as folder:
        _add_pictures(writer)
        dump = Path(folder) / archive.DATABASE
        programs.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *SESSIONS, "--file", dump)
        writer.add(archive.DATABASE, dump)
        _add_pictures(writer)
        writer.close({"taken_at": at.isoformat(), "postgres": ".".join(map(str, connection.get_database_version())), "migrations": migrations()})
    return archive.verified(target)


def migrations() -> list[str]:
    """What has been applied, as `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _add_pictures(writer: archive.Writer) -> None:
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            writer.add(f"{archive.MEDIA}{file.relative_to(root).as_posix()}", file)
