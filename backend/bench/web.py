"""One WSGI server as in production, as a child of the bench: `python -m backend.bench.web PORT WORKERS`."""

from __future__ import annotations

import os
import sys

from granian import Granian
from granian.constants import Interfaces

from backend import orphans

THREADS = 1  # two that share an interpreter wait for each other: 8 % more processor time, and a third more waiting


def main(port: int, workers: int) -> None:
    orphans.die_with_parent()
    os.environ.pop(orphans.PARENT, None)  # the workers' parent is this process, not the bench
    Granian(
        "backend.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
