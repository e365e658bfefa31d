import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from backend import orphans, worker
from backend.checks import refuse_unsafe_start


class Command(BaseCommand):
    help = "Run background jobs until SIGTERM. Start as many as you like, on as many machines."

    def handle(self, *args: Any, **options: Any) -> None:
        orphans.die_with_parent()
        refuse_unsafe_start()
        asyncio.run(worker.run())
