"""Keeps child processes running, and leaves none behind."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from backend import orphans
from backend.env import ROOT

PATIENCE_SECONDS = 20.0
RESTARTS_PER_MINUTE = 5


class ChildFailed(Exception):
    """A child ends again and again; the message carries its last words."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


class Supervisor:
    def __init__(self, *, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, tuple[Child, subprocess.Popen[bytes]]] = {}
        self._deaths: dict[str, list[float]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop_all()

    def start(self, child: Child) -> None:
        with self._log(child).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *child.arguments],
                cwd=ROOT,
                env={**os.environ, **child.environment, orphans.PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them in order
            )
        self._running[child.name] = (child, process)

    def watch(self) -> None:
        """Never returns; restarts what ends, gives up on what ends too often."""
        while True:
            self.check()
            time.sleep(0.5)

    def check(self) -> None:
        for child, process in list(self._running.values()):
            if process.poll() is not None:
                self._bury(child, process.returncode)
                self.start(child)

    def _bury(self, child: Child, status: int) -> None:
        now = time.monotonic()
        recent = [moment for moment in self._deaths.get(child.name, []) if now - moment < 60]
        self._deaths[child.name] = [*recent, now]
        last_words = "\n".join(self._log(child).read_text(errors="replace").splitlines()[-15:])
        if len(recent) >= RESTARTS_PER_MINUTE or "UnsafeConfiguration" in last_words:
            raise ChildFailed(f"The {child.name} process ended with {status}. Its last words ({self._log(child)}):\n{last_words}")
        print(f"souk: the {child.name} process ended with {status} and is started again.", file=sys.stderr, flush=True)
        time.sleep(min(len(recent), 3))

    def _log(self, child: Child) -> Path:
        return self._logs / f"{child.name}.log"

    def _stop_all(self) -> None:
        processes = [process for _, process in self._running.values()]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run_once(*command: str) -> str:
    """Run one management command as a child of its own and return what it printed."""
    child = subprocess.Popen([sys.executable, "-m", "backend", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        printed, _ = child.communicate()
    except BaseException:
        child.terminate()
        child.wait(PATIENCE_SECONDS)
        raise
    if child.returncode:
        raise ChildFailed(f"souk {' '.join(command)} ended with {child.returncode}; its message stands above.")
    return printed
