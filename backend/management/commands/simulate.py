"""A random life of the market on a throw-away database, and the proof of its book: `./souk simulate --seed 7 --orders 1000 --json`."""

import json
import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backend import arguments
from backend.simulation.run import simulate, throw_away_database


class Command(BaseCommand):
    help = "Simulate a random life of the market on a throw-away database and check the ledger."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=arguments.seed, default=1, help="the same seed lives the same life")
        parser.add_argument("--orders", type=arguments.whole(least=1, most=1_000_000), default=200, help="how many orders are placed")
        parser.add_argument("--faults", action="store_true", help="a bank that loses, repeats, delays and refuses, and workers that die")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable(logging.WARNING)
        with throw_away_database():
            result = simulate(
                seed=options["seed"], orders=options["orders"], faults=options["faults"], progress=lambda words: print(words, file=sys.stderr)
            )
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), indent=2, sort_keys=True))
        else:
            self.stdout.write(f"{result.orders} orders, {len(result.violations)} violations, fingerprint {result.fingerprint}")
            self.stdout.writelines(result.violations)
        if result.violations:
            sys.exit(1)
