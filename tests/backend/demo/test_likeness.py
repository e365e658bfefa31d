"""The same seed and present make the same market, twice from nothing. Costs minutes: `./souk prove` asks for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.env import ROOT


@pytest.mark.skipif(not os.environ.get("SOUK_PROVE"), reason="two markets from nothing take minutes: ./souk prove")
def test_the_same_seed_and_present_make_the_same_market(tmp_path: Path) -> None:
    first, second = (seeded(tmp_path / name) for name in ("one", "two"))
    assert len(first) > 100
    assert {table for table in first if first[table] != second[table]} == set()


def seeded(data: Path) -> dict[str, str]:
    souk(data, "seed_demo", "--seed", "7", "--now", "2026-11-23T12:00")
    return json.loads(souk(data, "likeness", "--json"))


def souk(data: Path, *words: str) -> str:
    surroundings = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SOUK_TESTING")} | {"SOUK_DATA": str(data)}
    return subprocess.run([sys.executable, "-m", "backend", *words], cwd=ROOT, env=surroundings, check=True, capture_output=True, text=True).stdout
