"""Our records against the provider's: what is missing, altered or extra here, and an exit code that says so."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import Refusal
from escrow.payments.reconciling import operations as reconciling

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "List every message and statement line of the payment provider that is missing, altered or extra here. Exit code 1 when one is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=reconciling.LOOK_BACK.days, help="how far to look back (4)")
        parser.add_argument("--heal", action="store_true", help="take in what is missing, and put the rest of the last four days before a person")
        parser.add_argument("--json", action="store_true", help="print the differences as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days is a whole number from 1 to {LONGEST_DAYS}.")
        at = clock.now()
        since = at - timedelta(days=options["days"])
        try:
            found = reconciling.everywhere(since=since, at=at, healing=options["heal"])
        except Refusal as silent:
            raise CommandError(silent.message) from silent
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not found, "differences": [one.as_json() for one in found]}, indent=2))
        else:
            self.stdout.writelines(f"{one.provider} {one.thing} {one.ref} is {one.fault}" for one in found)
            self.stdout.write(f"{len(found)} differences")
        if found:
            sys.exit(1)
