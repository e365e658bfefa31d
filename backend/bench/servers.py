"""Starts the servers that are measured, waits until they answer, and stops them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend import orphans
from backend.env import ROOT

WORKERS = 2
PATIENCE_SECONDS = 60.0


@contextmanager
def served(*, settings: str, sign_of_life: str, log: Path) -> Iterator[tuple[int, int]]:
    """Two worker processes of the production server with these settings; yields port and process id."""
    port = _free_port()
    chosen = {"DJANGO_SETTINGS_MODULE": settings, "SOUK_PROCESS": "web", "SOUK_LOG_LEVEL": "INFO"}
    environment = {**os.environ, **chosen, orphans.PARENT: str(os.getpid())}
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.bench.web", str(port), str(WORKERS)],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=written, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}{sign_of_life}", process, log)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with contextlib.suppress(ProcessLookupError):  # a worker that hangs on its way out outlives its master
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                words = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"The server does not answer ({problem}). Its last words:\n{words}") from None
            time.sleep(0.1)
