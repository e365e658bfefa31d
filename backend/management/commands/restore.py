"""A market from its backup: `./souk restore FILE [--data DIR] [--force]`, or into DATABASE_URL."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.backups import BackupRefused, restoring
from core import clock


class Command(BaseCommand):
    help = "Restore a backup into an empty place, build the search index and prove the books."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what ./souk backup wrote")
        parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder to restore into (default: SOUK_DATA)")
        parser.add_argument("--force", action="store_true", help="throw away what is in the place already")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restoring.restore(options["file"].absolute(), force=options["force"], at=clock.now, progress=self.stderr.write)
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(done), "violations": len(done.violations), "violation_list": done.violations}))
        else:
            self.stdout.write(f"The market of {done.taken_at} is back: {done.pictures} pictures, {done.listings} listings in the index.")
            self.stdout.writelines(done.violations or ["The books are clean."])
        if done.violations:
            sys.exit(1)
