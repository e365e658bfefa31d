"""The whole market in one file, taken while it is open: `./souk backup [FILE]`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend import arguments
from backend.backups import BackupRefused, taking
from core import clock


class Command(BaseCommand):
    help = "Save the database and all pictures in one verified file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=arguments.new_file, help="default: souk-<date>-<time>.backup in this folder")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        target: Path = (options["file"] or Path(f"souk-{at:%Y%m%d-%H%M%S}.backup")).absolute()
        try:
            manifest = taking.take(target, at=at)
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        size, pictures = target.stat().st_size, len(manifest["sha256"]) - 1
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(target), "bytes": size, "pictures": pictures, "taken_at": manifest["taken_at"]}))
        else:
            self.stdout.write(f"{target}: {size / 1e6:.1f} MB, {pictures} pictures, read again and whole.")
