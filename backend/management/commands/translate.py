"""Brings every catalogue up to date with the sentences of the code and the templates: `./souk translate`."""

from typing import Any

from django.core.management.base import BaseCommand

from backend import phrases
from backend.env import ROOT


class Command(BaseCommand):
    help = "Collect the translatable sentences into locale/*/LC_MESSAGES/django.po; new ones stand there empty."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for target in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
            total, empty = phrases.refresh(target)
            self.stdout.write(f"{target.relative_to(ROOT)}: {total} sentences, {empty} without a translation")
