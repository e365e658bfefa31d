"""`./souk bench`: a market of its own in a throw-away folder, measured, told, and gone."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from backend import arguments as words_of
from backend.bench import figures
from backend.bench.goods import CATALOGUE
from core import postgres

if TYPE_CHECKING:
    from backend.bench.full_book import Proof

MARK = "souk-bench-"


def main(arguments: list[str]) -> int:
    chosen = _parse(arguments)
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _interrupt)
    data = Path(tempfile.mkdtemp(prefix=MARK))
    _set_environment(data)
    try:
        from backend.bench import run  # needs the environment

        if chosen.book:
            return _tell_proof(run.prove_book(chosen.book), as_json=chosen.json)
        told, about = run.run(chosen, data)
    except KeyboardInterrupt:
        return 130
    except (OSError, RuntimeError, postgres.PostgresUnavailable) as problem:
        print(f"souk: {problem}", file=sys.stderr)
        return 2
    finally:
        postgres.leave(data, wait=True)
        shutil.rmtree(data, ignore_errors=True)
    print(json.dumps(figures.as_json(told, about), indent=2) if chosen.json else figures.as_table(told, about))
    return 0


def _tell_proof(proof: Proof, *, as_json: bool) -> int:
    told = proof.as_json()
    print(json.dumps({"check_ledger": told}, indent=2) if as_json else "\n".join(f"{name:<14} {value:>12,}" for name, value in told.items()))
    return 1 if proof.violations else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    words = "CPU time per visit and entries per second on this machine, in a market of its own that is thrown away."
    parser = argparse.ArgumentParser(prog="./souk bench", description=words)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a tenth of the visits and 2,000 goods: a first impression in half a minute")
    shelves = words_of.whole(least=1, most=1_000_000)
    parser.add_argument("--listings", type=shelves, default=0, help="how many goods are on the shelves (default 20,000; or all of the catalogue)")
    parser.add_argument("--scale", type=words_of.factor, default=0.0, help="times the usual number of visits (default 1)")
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="CSV or CSV.gz of goods (default: the shared one, else made-up goods)")
    parser.add_argument(
        "--book", type=words_of.whole(least=9, most=100_000_000), help="only this: how long `check_ledger` takes over so many postings"
    )
    chosen = parser.parse_args(arguments)
    chosen.listings = chosen.listings or (2_000 if chosen.quick else 20_000)
    chosen.scale = chosen.scale or (0.1 if chosen.quick else 1.0)
    if chosen.catalogue != CATALOGUE and not chosen.catalogue.is_file():
        parser.error(f"{chosen.catalogue} is not a file.")
    return chosen


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _set_environment(data: Path) -> None:
    """As in production behind one proxy, on the embedded database of the throw-away folder; nothing of the caller's market is kept."""
    for name in [name for name in os.environ if name.startswith("SOUK_") or name in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")]:
        del os.environ[name]
    secret = secrets.token_urlsafe(64)
    os.environ |= {
        "SOUK_DATA": str(data),
        "SOUK_DEBUG": "0",
        "SOUK_TESTING": "0",
        "SOUK_URL": "http://127.0.0.1",
        "SOUK_ALLOW_SANDBOX": "1",
        "SOUK_SECRET_KEY": secret,
        "SOUK_SANDBOX_WEBHOOK_SECRET": secret,
        "SOUK_PROXY_COUNT": "1",
        "SOUK_LOG_LEVEL": "ERROR",  # of the bench itself; its servers log as usual
    }
