"""The book proves itself by the hour; an alarm that nobody has to ask for."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

import structlog

from escrow.ledger import checks
from escrow.ledger.models import LedgerProof

KEPT: Final = timedelta(days=90)
TOLD: Final = 20
log = structlog.get_logger(__name__)


def prove(*, at: datetime) -> LedgerProof:
    """Run every check, keep the result, and say it loudly when something is broken."""
    began = time.monotonic()
    found = checks.violations()
    proof = LedgerProof.objects.create(at=at, took_ms=int((time.monotonic() - began) * 1000), violations=len(found), words=found[:TOLD])
    LedgerProof.objects.filter(at__lt=at - KEPT).delete()
    if found:
        log.error("ledger_violated", violations=len(found), first=found[0])
    return proof
