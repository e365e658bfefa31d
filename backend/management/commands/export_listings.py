"""./souk export_listings --vendor SLUG FILE: a shop's listings as CSV or XLSX, which import_listings takes back unchanged."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend import arguments
from marketplace.importing import exporting
from vendors.models import Vendor


class Command(BaseCommand):
    help = "Write a shop's listings into a CSV or XLSX file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=arguments.new_file, help="ends in .csv or .xlsx")
        parser.add_argument("--vendor", required=True, help="the shop's short name")

    def handle(self, *args: Any, **options: Any) -> None:
        vendor = Vendor.objects.filter(slug=options["vendor"]).first()
        write = exporting.WRITERS.get(options["file"].suffix.lower().lstrip("."))
        if vendor is None:
            raise CommandError(f"There is no shop “{options['vendor']}”.", returncode=2)
        if write is None:
            raise CommandError("The file's name must end in .csv or .xlsx.", returncode=2)
        with options["file"].open("wb") as file:
            write(vendor=vendor, file=file)
        self.stdout.write(f"Wrote {options['file']}.")
