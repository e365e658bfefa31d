"""./souk import_listings FILE --vendor SLUG: a table becomes listings, here and now, with a progress bar."""

import json
import re
import resource
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from backend import arguments
from core import clock
from core.actors import SYSTEM
from core.errors import Busy, Kind, Refusal
from marketplace.catalog.listings.models import LARGEST_STOCK
from marketplace.importing import operations, queries
from marketplace.importing.chunks import Comparison
from marketplace.importing.models import Import
from marketplace.importing.states import ImportState
from marketplace.importing.terms import Terms
from marketplace.importing.words import ImportRunning
from search import operations as search
from vendors.models import Vendor

SHOWN_PROBLEMS = 20
TOLD_PROBLEMS = 10_000  # machines read on
PATIENCE_SECONDS = 8.0
INDEX_BEHIND = 3000
WRONG_WORDS = (Kind.INVALID, Kind.UNPROCESSABLE, Kind.ABSENT)  # what the caller typed or sent, as opposed to how things stand


class Command(BaseCommand):
    help = "Take a CSV, CSV.gz or XLSX table into a shop. Killed in the middle, the same command goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the table; its first line names the columns")
        parser.add_argument("--vendor", required=True, help="the shop's short name")
        parser.add_argument("--currency", help="of the prices; the shop's own when left out")
        parser.add_argument("--category", default="", help="short name of the category of new listings")
        parser.add_argument("--stock", type=arguments.whole(least=0, most=LARGEST_STOCK), help="how many of each new thing there are")
        parser.add_argument("--condition", default="new", help="of new listings (new)")
        parser.add_argument("--language", default="en", help="of the texts (en)")
        parser.add_argument("--prices", choices=["guess", "whole", "cents"], default="guess", help="what whole numbers in the price column are")
        parser.add_argument("--column", action="append", default=[], metavar="COLUMN=FIELD", help="correct the guess; FIELD empty leaves it out")
        parser.add_argument("--draft", action="store_true", help="do not publish the new listings")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--cancel", action="store_true", help="end the import of this shop that is running or was killed")
        parser.add_argument("--errors", type=arguments.new_file, help="write every problem into this CSV file")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self._began, self._as_json, self._dry = time.monotonic(), options["json"], options["dry_run"]
        self._from, self._room = 0, TOLD_PROBLEMS if options["json"] else SHOWN_PROBLEMS
        vendor = Vendor.objects.filter(slug=options["vendor"]).first()
        if vendor is None:
            raise CommandError(f"There is no shop “{options['vendor']}”.", returncode=2)
        try:
            if options["cancel"]:
                self._cancel(vendor)
                return
            with options["file"].open("rb") as file:
                self._import(vendor, file, options)
        except FileNotFoundError:
            raise CommandError(f"There is no file {options['file']}.", returncode=2) from None
        except IsADirectoryError:
            raise CommandError(f"{options['file']} is a folder, not a table.", returncode=2) from None
        except PermissionError:
            raise CommandError(f"You may not read {options['file']}.", returncode=2) from None
        except ImportRunning as running:
            raise CommandError(f"{running.message} “./souk import_listings FILE --vendor {vendor.slug} --cancel” ends it.") from None
        except Refusal as refused:
            raise CommandError(refused.message, returncode=2 if refused.kind in WRONG_WORDS else 1) from None

    def _cancel(self, vendor: Vendor) -> None:
        for batch in queries.of_vendor(vendor).running():  # type: ignore[attr-defined]
            operations.cancel(batch=batch, actor=SYSTEM, at=clock.now())
            self.stdout.write(f"Cancelled: {batch.file_name} after {batch.rows_done} rows. What is in stays.")

    def _import(self, vendor: Vendor, file: BinaryIO, options: dict[str, Any]) -> None:
        at = clock.now()
        terms = Terms(
            currency=(options["currency"] or vendor.currency).upper(),
            category=options["category"],
            stock=options["stock"],
            condition=options["condition"],
            language=options["language"],
            prices=options["prices"],
            publish=not options["draft"],
        )
        batch = operations.prepare(
            vendor=vendor, name=options["file"].name, file=file, terms=terms, corrections=_corrections(options["column"]), at=at
        )
        self._tell_guess(batch)
        if self._dry:
            self._rehearse(batch, file)
            return
        batch = operations.begin(batch=batch, actor=SYSTEM, at=at)
        self._from = batch.rows_done
        if self._from:
            self._say(f"Going on after row {self._from:,}.")
        batch = self._run(batch, file)
        took = time.monotonic() - self._began
        ready = self._index()
        if options["errors"]:
            options["errors"].write_text("".join(queries.problem_lines(batch)), encoding="utf-8")
        self._report(batch, took, ready)

    def _tell_guess(self, batch: Import) -> None:
        seen = ", ".join(f"{column} → {field}" if field else f"({column})" for column, field in batch.mapping.items())
        self._say(f"Columns: {seen}")
        if batch.terms["prices"] == "cents":
            self._say(f"Whole numbers in the price column are read as cents ({batch.terms['currency']}); --prices whole reads them as whole units.")

    def _run(self, batch: Import, file: BinaryIO) -> Import:
        """The killed run's connection may live a moment longer than its process."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return operations.run(batch=batch, file=file, now=clock.now, told=self._after_chunk)
            except ImportRunning:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _index(self) -> float:
        """Make it searchable here and now; a worker that is at it already will be through at once."""
        began = time.monotonic()
        try:
            search.drain(at=clock.now())
        except Busy:
            self._say("The worker is putting the rest into the index.")
        return time.monotonic() - began

    def _rehearse(self, batch: Import, file: BinaryIO) -> None:
        tally = {"created": 0, "changed": 0, "unchanged": 0, "failed": 0}
        problems: list[dict[str, Any]] = []

        def told(done: int, found: Comparison) -> None:
            tally["created"] += len(found.fresh) + len(found.joining)
            tally["changed"] += len(found.changes)
            tally["unchanged"] += found.unchanged
            tally["failed"] += len(found.errors)
            room = max(self._room - len(problems), 0)
            problems.extend({"line": one.line, "sku": one.sku, "column": one.field, "reason": one.sentence} for one in found.errors[:room])
            batch.rows_done = done
            self._progress(batch)

        batch.rows_total = operations.count_rows(batch=batch, file=file)
        operations.rehearse(batch=batch, file=file, at=clock.now(), told=told)
        self._end_bar()
        self._print({"dry_run": True, "rows": batch.rows_total, **tally, "problems": problems, **self._spent(time.monotonic() - self._began)})

    def _after_chunk(self, batch: Import) -> None:
        self._progress(batch)
        if search.waiting() > INDEX_BEHIND:  # no worker keeps up: what is in shall be found soon, not at the end
            search.drain(at=clock.now(), wait=False)

    def _progress(self, batch: Import) -> None:
        """A bar on a terminal, a line now and then in a log."""
        spent = time.monotonic() - self._began
        rate = (batch.rows_done - self._from) / spent if spent else 0.0
        left = (batch.rows_total - batch.rows_done) / rate if rate else 0.0
        words = f"{batch.percent:3} %  {batch.rows_done:,} of {batch.rows_total:,}  {rate:,.0f} rows/s  {left:,.0f} s left"
        if sys.stderr.isatty():
            full = batch.percent * 30 // 100
            self.stderr.write(f"\r{'█' * full}{'░' * (30 - full)} {words}  ", ending="")
        elif not self._as_json and batch.rows_done % 2500 < operations.CHUNK:
            self.stderr.write(words)

    def _end_bar(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")

    def _say(self, sentence: str) -> None:
        if not self._as_json:
            self.stderr.write(sentence)

    def _spent(self, took: float) -> dict[str, Any]:
        return {"seconds": round(took, 1), "peak_mb": _peak_bytes() >> 20}

    def _report(self, batch: Import, took: float, ready: float) -> None:
        self._end_bar()
        pictures = queries.pictures_of(batch)
        errors = queries.problems_of(batch).filter(kind="error")
        self._print(
            {
                "import": batch.reference,
                "state": batch.state,
                "rows": batch.rows_total,
                **{name: getattr(batch, name) for name in ("created", "changed", "unchanged", "failed")},
                "resumed_from": self._from,
                "prices": batch.terms["prices"],
                "columns": batch.mapping,
                "notes": queries.problems_of(batch).filter(kind="note").count(),
                "pictures_waiting": pictures.waiting,
                **self._spent(took),
                "searchable_after_seconds": round(ready, 1),
                "problems": [{"line": one.line, "sku": one.sku, "column": one.field, "reason": one.sentence} for one in errors[: self._room]],
            }
        )
        if batch.state != ImportState.DONE:
            raise CommandError(batch.why or f"The import is {batch.get_state_display().lower()} after {batch.rows_done} rows.")

    def _print(self, result: dict[str, Any]) -> None:
        if self._as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write("{created:,} created, {changed:,} changed, {unchanged:,} unchanged, {failed:,} failed".format(**result))
        for one in result["problems"]:
            self.stdout.write(f"  line {one['line']} ({one['sku'] or 'no number'}): {one['reason']}")
        if result["failed"] > len(result["problems"]):
            self.stdout.write(f"  … and {result['failed'] - len(result['problems']):,} more; --errors FILE writes them all")
        rest = f", {result['pictures_waiting']:,} pictures to fetch" if result.get("pictures_waiting") else ""
        self.stdout.write(f"{result['rows']:,} rows in {result['seconds']} s, at most {result['peak_mb']} MB{rest}")


def _corrections(given: list[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    if any(not sign for _, sign, _ in pairs):
        raise CommandError("Write --column COLUMN=FIELD, for example --column 'Item no=sku'.", returncode=2)
    return {column: field for column, _, field in pairs}


def _peak_bytes() -> int:
    """The most memory this program has had. Linux's ru_maxrss also remembers the larger program that started this one; VmHWM does not."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.M)):
        return int(found[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1 << 10)
