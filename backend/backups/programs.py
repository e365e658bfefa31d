"""pg_dump and pg_restore: those of the embedded PostgreSQL, else those of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from backend.backups import BackupRefused
from core.postgres import PostgresUnavailable
from core.postgres.programs import binaries


def run(name: str, *arguments: str | Path) -> None:
    """Run it against the configured database. The password travels in the environment, never on the command line."""
    connection.ensure_connection()  # starts the embedded server, and fills in where it is
    now = connection.settings_dict
    values = {"PGHOST": now["HOST"], "PGPORT": now["PORT"] or "5432", "PGUSER": now["USER"], "PGPASSWORD": now["PASSWORD"], "PGDATABASE": now["NAME"]}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {key: str(value) for key, value in values.items()}
    line = [program(name), *(str(argument) for argument in arguments)]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{name} ended with {done.returncode}:\n{done.stderr.strip()[-2000:]}")


def program(name: str) -> str:
    try:
        ours = binaries() / name
    except PostgresUnavailable:
        ours = Path()
    found = str(ours) if ours.is_file() else shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name} is not on this machine. Install PostgreSQL's client programs, as new as the server or newer.")
    return found
