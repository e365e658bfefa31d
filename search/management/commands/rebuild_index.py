from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from search import operations


class Command(BaseCommand):
    help = "Build the search index anew beside the old one, swap at the end, and check that it holds exactly what is for sale."

    def handle(self, *args: Any, **options: Any) -> None:
        started = clock.now()
        built = operations.rebuild(at=started, progress=lambda done: self.stdout.write(f"  {done} listings"))
        seconds = (clock.now() - started).total_seconds()
        self.stdout.write(self.style.SUCCESS(f"{built} listings indexed in {seconds:.1f} s; the new index answers from now on."))
