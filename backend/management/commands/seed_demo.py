"""Fill an empty market with the demo's people, shops, goods and orders: `./souk seed_demo --seed 7 --json`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.users.models import User
from backend import arguments
from backend.demo import seed
from backend.demo.settle import PASSWORD
from core import clock


class Command(BaseCommand):
    help = "Fill an empty market with demo data, the same for the same seed and present, and print the sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=arguments.seed, default=1, help="another seed, another past")
        parser.add_argument(
            "--now", type=arguments.moment, metavar="TIME", help="the present of its last day, such as 2026-11-23T12:00; else the real present"
        )
        parser.add_argument("--json", action="store_true", help="print accounts, vendors and categories as JSON")
        parser.add_argument("--keep", type=arguments.new_file, metavar="FILE", help="write that JSON into FILE as well; only you can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("This market has people in it already. Start over with an empty one: ./souk demo --reset", returncode=2)
        demo = seed.plant(seed=options["seed"], now=options["now"] or clock.now())
        facts = json.dumps(demo.as_json(), ensure_ascii=False, indent=1)
        if options["keep"]:
            options["keep"].touch(mode=0o600)
            options["keep"].write_text(facts)
        if options["json"]:
            self.stdout.write(facts)
            return
        self.stdout.write(f"Sign in with any of these; the password is {PASSWORD}\n")
        for one in demo.accounts.values():
            self.stdout.write(f"  {one.person.email:32} {one.person.role}")
