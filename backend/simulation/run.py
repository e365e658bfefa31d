"""One simulation from its seed to its report, on a database that is thrown away afterwards."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from backend.simulation import lives, report, stage
from backend.simulation.calendar import Calendar
from backend.simulation.faults import Storm
from core import references
from escrow.ledger import checks
from escrow.payments import sandbox_bank

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
SPAN = timedelta(days=45)
QUIET = timedelta(days=150)  # longer than any clock of a hold, so that silence has decided everything
STEP = timedelta(hours=8)  # of the sandbox carrier
FAULTS = {
    "duplicate": 60,
    "delay": 60,
    "reorder": 40,
    "drop": 40,
    "error_after_success": 40,
    "refund_failure": 10,
    "refund_delay": 100,
    "payout_failure": 20,
    "challenge": 40,
    "dispute": 20,
}
BANKS = {"settlement_seconds": 2 * 24 * 3600, "payout_seconds": 24 * 3600, "dispute_seconds": 9 * 24 * 3600, "decision_seconds": 5 * 24 * 3600}


@dataclass(frozen=True)
class Result:
    """What `./souk simulate --json` prints."""

    seed: int
    orders: int
    states: dict[str, int]
    acts: dict[str, int]
    violations: list[str]
    fingerprint: str
    faults: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        told = {**asdict(self), "violations": len(self.violations), "violation_list": self.violations}
        return told if self.faults is not None else {name: value for name, value in told.items() if name != "faults"}


def simulate(*, seed: int, orders: int, faults: bool = False, progress: Callable[[str], object] = str) -> Result:
    """Live until `orders` orders have been placed and all of them have ended, on the current (throw-away) database, and prove its book."""
    chance = random.Random(seed)  # noqa: S311  # a simulation repeats itself on purpose
    with references.drawn_from(chance), slow_carrier():
        calendar = Calendar(begin=BEGIN, workers_die=faults)
        sandbox_bank.configure(seed=seed, delay_seconds=3600, **BANKS, **FAULTS)
        market = stage.build(calendar=calendar, chance=chance, at=BEGIN)
        market.wanted = orders
        calendar.enter(lives.of_a_shelf(market), at=BEGIN)
        calendar.enter(lives.of_the_banks_questions(market), at=BEGIN)
        calendar.enter(lives.of_the_crowd(market, every=SPAN / max(orders, 1)), at=BEGIN)
        storm = Storm(seed)
        with storm.blowing(calendar) if faults else nullcontext():
            while not market.is_closed:
                calendar.run(until=calendar.at + SPAN / 10)
                progress(f"day {(calendar.at - BEGIN).days}: {market.placed} orders")
        calendar.run_out(quiet=QUIET)
    return _result(seed, market, storm if faults else None)


def _result(seed: int, market: lives.Market, storm: Storm | None) -> Result:
    standing = report.standing()
    violations = [*checks.violations(), *_unended(standing.states)]
    told = storm.told(deaths=market.calendar.deaths, at=market.at) if storm else None
    violations += told["violations"] if told else []
    acts = dict(sorted(market.done.items()))
    return Result(seed, standing.orders, standing.states, acts, violations, standing.fingerprint, told)


def _unended(states: dict[str, int]) -> list[str]:
    """After the quiet nobody may still wait: silence decides everything."""
    ended = {"completed", "cancelled", "refunded", "expired"}
    return [f"{count} orders are still {state}" for state, count in states.items() if state not in ended]


@contextmanager
def slow_carrier() -> Iterator[None]:
    """Parcels take days here, not the seconds of a demo."""
    with override_settings(SOUK_SANDBOX_CARRIER_SECONDS=STEP.total_seconds()):
        yield


@contextmanager
def throw_away_database() -> Iterator[None]:
    """A fresh database beside the real one, with a media folder of its own, dropped at the end; the real one is not touched."""
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
            yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
