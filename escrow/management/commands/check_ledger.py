"""Prove the book: every invariant, the rows that break one, and an exit code that says so."""

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from escrow.ledger import checks
from escrow.ledger.checks import Finding


class Command(BaseCommand):
    help = "Check every invariant of the ledger. Exit code 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        findings = checks.run(beside=True)
        seconds = round(time.monotonic() - started, 3)
        broken = sum(len(finding.violations) for finding in findings if not finding.warning)
        if options["json"]:
            report = {"ok": not broken, "violations": broken, "seconds": seconds, "checks": [one.as_json() for one in findings]}
            self.stdout.write(json.dumps(report, indent=2, default=str))
        else:
            self._print(findings, broken, seconds)
        if broken:
            sys.exit(1)

    def _print(self, findings: list[Finding], broken: int, seconds: float) -> None:
        for finding in findings:
            mark = "ok  " if not finding.violations else "note" if finding.warning else "BAD "
            self.stdout.write(f"{mark} {finding.number:>2}  {finding.sentence}")
            for violation in finding.violations:
                self.stdout.write(f"         {violation.subject}: {violation.words} {violation.figures or ''}")
        self.stdout.write(f"{broken} violations in {len(findings)} checks, {seconds} s")
