from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import queries


class Command(BaseCommand):
    help = "Compare the search index with what is for sale: no ghosts, nothing missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the differences as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        difference = queries.index_difference()
        if options["json"]:
            report = {"ghosts": sorted(difference.ghosts), "missing": sorted(difference.missing), "waiting": difference.waiting}
            self.stdout.write(json.dumps(report))
        if not difference.is_empty:
            counted = f"{len(difference.ghosts)} ghosts, {len(difference.missing)} missing, {difference.waiting} changes waiting"
            raise CommandError(f"The index differs from what is for sale: {counted}. Type: ./souk rebuild_index")
        if not options["json"]:
            self.stdout.write(self.style.SUCCESS("The index holds exactly what is for sale."))
