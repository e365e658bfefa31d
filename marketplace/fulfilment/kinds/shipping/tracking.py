"""Checks on what sellers and carriers say about a parcel."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SCAN_SLACK = timedelta(hours=1)  # carriers' clocks differ from ours

_NUMBER = re.compile(r"[A-Z0-9]{6,34}")


@dataclass(frozen=True, slots=True)
class Scan:
    state: str
    occurred_at: datetime


def tidy_number(number: str) -> str:
    """The number as carriers write it, or '' when it cannot be one."""
    tidy = re.sub(r"[\s\-]+", "", number).upper()
    return tidy if _NUMBER.fullmatch(tidy) else ""


def scanned_before_payment(scans: Sequence[Scan], *, paid_at: datetime) -> bool:
    """A parcel that moved before the money was there belongs to somebody else."""
    moving = [scan.occurred_at for scan in scans if scan.state != "pending"]
    return bool(moving) and min(moving) < paid_at - SCAN_SLACK
