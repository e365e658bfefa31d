"""Random lives of the whole escrow storey against a plain model: the suite makes 200 of 50 steps, `./souk prove --runs N` as many as asked."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import flushing
from tests.proof.life import Life
from tests.proof.planning import Living

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
STEPS, CHUNK = 50, 100
RUNS = int(os.environ.get("SOUK_PROVE_RUNS", "200"))
LOG = os.environ.get("SOUK_PROVE_LOG", "")
PHASES = (Phase.generate,) if os.environ.get("SOUK_PROVE_QUICKLY") else (Phase.generate, Phase.shrink)
SIZES = [min(CHUNK, RUNS - first) for first in range(0, RUNS, CHUNK)]
# What money does in every hundred lives; a machine that no longer gets there proves nothing.
OFTEN = {
    *("fund", "settle", "release", "refund", "freeze", "unfreeze", "divide", "late_refund", "refund_confirmed", "refund_failed"),
    *("chargeback_opened", "chargeback_won", "chargeback_lost", "transfer_asked", "points_earned", "points_set_aside", "points_expired"),
}


@pytest.mark.parametrize("chunk", range(len(SIZES)))
def test_lives_agree_with_a_plain_model(chunk: int) -> None:
    if chunk in known():
        pytest.skip("proved before, with the same sources")
    Life.runs, Life.steps, Life.seen, Life.done, Life.baseline = 0, 0, Counter(), Counter(), flushing.measure()
    began, words = time.monotonic(), ""
    try:
        live(runs=SIZES[chunk], number=chunk)
        assert SIZES[chunk] < CHUNK or set(Life.seen) >= OFTEN, f"never seen: {OFTEN - set(Life.seen)}"
    except BaseException as broken:
        words = f"{type(broken).__name__}: {broken}"[:2_000]
        raise
    finally:
        note(chunk, words, time.monotonic() - began)


def live(*, runs: int, number: int) -> None:
    run_state_machine_as_test(
        seed(number)(type("Lives", (Living,), {})),
        settings=settings(
            max_examples=runs, stateful_step_count=STEPS, phases=PHASES, deadline=None, database=None, print_blob=True,
            suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        ),
    )  # fmt: skip


def known() -> set[int]:
    """The chunks of a run that was interrupted."""
    told = Path(LOG).read_text().splitlines() if LOG and Path(LOG).exists() else []
    return {line["chunk"] for line in map(json.loads, told) if not line["violations"] and line["runs"] >= SIZES[min(line["chunk"], len(SIZES) - 1)]}


def note(chunk: int, words: str, seconds: float) -> None:
    """One line for each hundred, written at once: several processes append to the same file."""
    line = {
        "chunk": chunk, "runs": Life.runs, "steps": Life.steps, "violations": int(bool(words)), "words": words, "seconds": round(seconds, 1),
        "events": dict(sorted(Life.seen.items())), "operations": dict(sorted(Life.done.items())),
    }  # fmt: skip
    print(f"\n{line['runs']} lives, {line['steps']} steps, {len(Life.seen)} kinds of entries, {seconds:.0f} s")
    if LOG:
        with Path(LOG).open("a") as log:
            log.write(json.dumps(line) + "\n")
