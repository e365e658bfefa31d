"""`./souk check`, `./souk test` and `./souk prove`: what must be green before a change is done."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from backend import lives
from backend.arguments import whole
from backend.env import ROOT

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


# What the suite does a little of, in full: rounds of a race, examples of each API operation, every attack on every address.
FULL = {"SOUK_PROVE": "1", "SOUK_PROVE_ROUNDS": "20", "SOUK_PROVE_EXAMPLES": "25"}

MUTANTS = [sys.executable, "-m", "tests.proof.mutants"]


SPREAD = ["-n", "2", "--dist", "worksteal"]  # whoever has nothing left takes over half of what waits elsewhere


def check(arguments: list[str]) -> int:
    """Two at a time: the types take as long as all the rest."""
    steps = _checks()
    with ThreadPoolExecutor(2) as pool:
        return _summed_up(dict(zip((step.name for step in steps), pool.map(_run, steps), strict=True)))


def _checks() -> list[Step]:
    return [
        Step("types (mypy)", [_tool("mypy"), "--no-incremental"]),
        Step("style (ruff)", [_tool("ruff"), "check", "."]),
        Step("format (ruff)", [_tool("ruff"), "format", "--check", "."]),
        Step("import contracts", [_tool("lint-imports"), "--no-cache"]),
        Step("migrations", [sys.executable, "-m", "backend", "makemigrations", "--check", "--dry-run"]),
        Step("architecture", [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/architecture"]),
        Step("templates (djlint)", [_tool("djlint"), "--lint", "--quiet", "storefront", "desk", "accounts"]),
        Step("spelling", [_tool("codespell")]),
    ]


def test(arguments: list[str]) -> int:
    """pytest over two processes; each has its own database in one embedded cluster, which this process keeps alive."""
    _hold_the_cluster()
    spread = [] if any(word == "-n" or word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments) else SPREAD
    return subprocess.call([sys.executable, "-m", "pytest", *spread, *arguments], cwd=ROOT)


def prove(arguments: list[str]) -> int:
    """Everything we promise, with a throw-away market at the end. `--json`: one object on stdout, the words go to stderr."""
    parser = argparse.ArgumentParser(prog="./souk prove", description="Check, test, race, attack, kill, then simulate a life of the market.")
    parser.add_argument("orders", nargs="?", type=whole(least=1, most=1_000_000), default=1000, help="how many orders the life has (1000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--runs", type=whole(least=1, most=1_000_000), metavar="N", help="only N random lives of the escrow storey against its model")
    parser.add_argument("--processes", type=whole(least=1, most=64), default=2, metavar="P", help="by so many processes (2)")
    parser.add_argument("--list", action="store_true", help="only print the names of the parts")
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="only the parts whose name has these words; may be repeated")
    parser.add_argument("--skip", action="append", default=[], metavar="WORDS", help="not the parts whose name has these words; may be repeated")
    parser.add_argument("--mutants", action="store_true", help="only the hand-made mutants of the money's code: each must be killed")
    chosen = parser.parse_args(arguments)
    if chosen.mutants:
        return subprocess.call([*MUTANTS, *(["--json"] if chosen.json else [])], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    if chosen.runs:
        return lives.prove(runs=chosen.runs, processes=chosen.processes, data=_hold_the_cluster(), as_json=chosen.json)
    suite = Step("the suite", [sys.executable, "-m", "pytest", "-q", *SPREAD])
    everything = [*_checks(), suite, *_proofs(str(chosen.orders))]
    for words in (*chosen.only, *chosen.skip):
        if not _named(everything, [words]):
            parser.error(f"no part is called {words!r}: --list shows them")
    steps = [step for step in _named(everything, chosen.only or [""]) if step not in _named(everything, chosen.skip)]
    if not steps:
        parser.error("nothing is left to be proved")
    if chosen.list:
        print("\n".join(step.name for step in steps))
        return 0
    if chosen.json:
        return _prove_in_json(steps)
    if chosen.only or chosen.skip:
        _hold_the_cluster()
        return _run_all(steps)
    return check([]) or test([]) or _run_all(_proofs(str(chosen.orders)))


def _named(steps: list[Step], words: list[str]) -> list[Step]:
    return [step for step in steps if any(word.lower() in step.name.lower() for word in words)]


def _prove_in_json(steps: list[Step]) -> int:
    """Every step runs, also after a red one."""
    _hold_the_cluster()
    with contextlib.redirect_stdout(sys.stderr):
        told = [_told(step) for step in steps]
    green = all(step["green"] for step in told)
    print(json.dumps({"green": green, "steps": told}, indent=1))
    return 0 if green else 1


def _told(step: Step) -> dict[str, Any]:
    """How one step went; of a step of tests, how many and which were red."""
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        is_tests = "pytest" in step.command
        green = _run(replace(step, command=[*step.command, f"--junitxml={report.name}"]) if is_tests else step)
        told: dict[str, Any] = {"name": step.name, "green": green, "seconds": round(time.monotonic() - began, 1)}
        if is_tests and Path(report.name).stat().st_size:
            cases = list(ElementTree.parse(report.name).iter("testcase"))  # noqa: S314 (pytest's own report)
            red = [case.get("name", "") for case in cases if case.find("failure") is not None or case.find("error") is not None]
            told |= {"tests": len(cases), "skipped": sum(case.find("skipped") is not None for case in cases), "red": red}
    return told


def _proofs(orders: str) -> list[Step]:
    simulate = [sys.executable, "-m", "backend", "simulate", "--seed", "1", "--orders", orders, "--json"]
    storm = [*simulate, "--faults"]
    messages = [sys.executable, "-m", "pytest", "-q", "tests/escrow/chargebacks/test_orders_of_messages.py", "tests/escrow/ledger/test_tampering.py"]
    money = [sys.executable, "-m", "pytest", "-q", "tests/escrow/chargebacks/test_races.py", "tests/escrow/late_refunds/test_thousand_refunds.py"]
    hostile = [sys.executable, "-m", "pytest", "-q", "tests/races", "tests/attacks", "tests/api/test_schema.py"]
    kills = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/crashes", "tests/marketplace/importing/test_kills.py"]
    looks = [sys.executable, "-m", "pytest", "-q", "tests/backend/simulation", "tests/storefront/test_look_in_browser.py"]
    catalogue = [sys.executable, "-m", "pytest", "-q", "-rs", "tests/marketplace/importing/test_catalogue.py"]
    twins = [sys.executable, "-m", "pytest", "-q", "tests/backend/demo/test_likeness.py"]
    random_lives = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/proof"]
    return [
        Step("2,000 random lives against a plain model", random_lives, {**FULL, "SOUK_PROVE_RUNS": "2000"}),
        Step("mutants of the money's code", MUTANTS),
        Step("confirmation, refund, timer, chargeback and payouts at once, and a thousand refunds", money, FULL),
        Step("races and attacks, in full", hostile, FULL),
        Step("a catalogue of 19,406 products, where it is at hand", catalogue, FULL),
        Step("kill -9 at every crash point", kills, FULL),
        Step("a small life in a storm, and every look of the pages", looks, FULL),
        Step("every order of a bank's messages, and a thousand forged rows", messages, FULL),
        Step("two demo markets of one seed are alike", twins, FULL),
        Step(f"a life of {orders} orders", simulate),
        Step(f"a life of {orders} orders in a storm of faults", storm),
    ]


def _hold_the_cluster() -> Path:
    """The folder of everything embedded."""
    from backend import env
    from core import postgres

    environment = env.read()
    if environment.embedded_database:
        postgres.ensure_running(environment.data)
    return environment.data


def _tool(name: str) -> str:
    return str(BIN / name)


def _run_all(steps: list[Step]) -> int:
    """Run every step, also after a red one, and show the words of the red ones."""
    return _summed_up({step.name: _run(step) for step in steps})


def _summed_up(green: dict[str, bool]) -> int:
    red = [name for name, is_green in green.items() if not is_green]
    print(f"red: {', '.join(red)}" if red else "all green", flush=True)
    return 1 if red else 0


def _run(step: Step) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        step.command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **step.environment}, text=True, capture_output=True, check=False
    )
    green = done.returncode == 0
    print(f"{'✓' if green else '✗'} {step.name}  {time.monotonic() - began:.1f} s", flush=True)
    if not green:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return green


WORDS: dict[str, Callable[[list[str]], int]] = {"check": check, "test": test, "prove": prove}
