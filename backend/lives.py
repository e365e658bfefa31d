"""`./souk prove --runs N`: random lives of the escrow storey against its plain model, in hundreds, by several processes, resumable."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from backend.env import ROOT

JUDGED = ("core", "escrow", "tests/proof")


def prove(*, runs: int, processes: int, data: Path, as_json: bool) -> int:
    """Runs what is missing of so many lives, and tells what all of them found; 1 when one was broken or missing."""
    log = data / "prove" / f"lives-{_sources()}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    _forget_broken(log)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "-p", "no:cacheprovider", "tests/proof/test_lives.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOUK_PROVE_RUNS": str(runs), "SOUK_PROVE_LOG": str(log)}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    told = {**_sum(log, runs), "seconds": round(time.monotonic() - began, 1), "processes": processes, "log": str(log)}
    green = done.returncode == 0 and not told["violations"] and told["runs"] >= runs
    if as_json:
        print(json.dumps(told, indent=1))
    else:
        print(f"{told['runs']} lives, {told['steps']} steps, {told['violations']} violations, {told['seconds']} s")
    if not green:
        print(done.stdout.rstrip(), file=sys.stderr)
    return 0 if green else 1


def _sources() -> str:
    """What was proved of other sources says nothing about these."""
    digest = hashlib.sha256()
    for path in sorted(path for room in JUDGED for path in (ROOT / room).rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _forget_broken(log: Path) -> None:
    """They are lived again."""
    kept = [line for line in _lines(log) if not line["violations"]]
    log.write_text("".join(json.dumps(line) + "\n" for line in kept))


def _sum(log: Path, runs: int) -> dict[str, Any]:
    lines = {line["chunk"]: line for line in _lines(log) if line["chunk"] * 100 < runs}.values()
    events: Counter[str] = Counter()
    for line in lines:
        events.update(line["events"])
    return {
        "runs": sum(line["runs"] for line in lines),
        "steps": sum(line["steps"] for line in lines),
        "violations": sum(line["violations"] for line in lines),
        "words": [line["words"] for line in lines if line["words"]],
        "entries": dict(sorted(events.items())),
    }
