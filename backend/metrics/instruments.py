"""What a web process counts about itself."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from django.conf import settings


def _shared_folder() -> str:
    """Where the web processes of one machine keep their counts; emptied when none of the processes that wrote there lives."""
    folder: Path = settings.SOUK.data / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    files = list(folder.glob("*.db"))
    if not any(psutil.pid_exists(int(file.stem.rpartition("_")[2])) for file in files if file.stem.rpartition("_")[2].isdecimal()):
        for file in files:
            file.unlink(missing_ok=True)
    return str(folder)


if settings.SOUK.process == "web":
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _shared_folder())  # the library reads it when it is imported

from prometheus_client import CollectorRegistry, Histogram  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
_own = CollectorRegistry()

REQUESTS = Histogram(
    "souk_request_seconds",
    "Time to answer a request, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)


def registry() -> CollectorRegistry:
    """A registry for one answer, with the counts of every web process of this machine in it."""
    if not SHARED:
        return _own
    found = CollectorRegistry()
    MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found
