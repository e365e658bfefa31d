"""Digest of every table, to compare two demo markets: `./souk likeness`. The same seed and present give the same lines."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backend.demo import likeness


class Command(BaseCommand):
    help = "Print a digest of every table, without secrets and times of the machine: two markets with the same lines are the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = likeness.of_tables()
        self.stdout.write(json.dumps(found, indent=1) if options["json"] else "\n".join(f"{digest}  {table}" for table, digest in found.items()))
