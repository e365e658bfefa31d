"""The bench runs and tells what it promises. No figure is judged: the machine may be busy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.bench import figures, goods
from backend.bench.figures import Figure, Rate
from backend.bench.scales import cpu_seconds

ROOT = Path(__file__).resolve().parents[2]
VISITS = ("floor", "api_list", "api_search", "listing_page", "search_page", "checkout", "release")


@pytest.mark.slow
def test_a_tiny_bench_tells_every_figure_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backend", "bench", "--json", "--listings", "40", "--scale", "0.01"]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "SOUK_TESTING": "1", "SOUK_DATA": str(tmp_path / "not-touched")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    for name in VISITS:
        assert {"cpu_ms", "p50_ms", "p95_ms", "ratio"} <= set(told[name])
        assert told[name]["p95_ms"] >= told[name]["p50_ms"] > 0
    for name in ("releases", "postings"):
        assert told[name]["per_s"] > 0
    assert told["about"]["listings"] == 40
    assert not (tmp_path / "not-touched").exists()
    assert not [left for left in tmp_path.iterdir() if left.name.startswith("souk-bench-")]


def test_a_wrong_catalogue_is_refused_before_anything_starts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backend", "bench", "--catalogue", str(tmp_path / "missing.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "is not a file" in done.stderr


def test_figures_are_cpu_per_visit_and_a_ratio_to_the_floor() -> None:
    found = figures.figure(waited=[0.010] * 95 + [0.100] * 5, server_seconds=0.3, database_seconds=0.1, floor_ms=2.0)
    assert (found.cpu_ms, found.server_ms, found.database_ms, found.ratio) == (4.0, 3.0, 1.0, 2.0)
    assert (found.p50_ms, found.p95_ms) == (10.0, 100.0)


def test_the_table_names_the_target() -> None:
    figure = Figure(cpu_ms=4.0, server_ms=3.0, database_ms=1.0, p50_ms=10.0, p95_ms=20.0, ratio=2.0, visits=5)
    table = figures.as_table({"api_list": figure, "postings": Rate(2500.0, 10)}, {"cores": 2})
    assert "≤ 5" in table
    assert "≥ 2000" in table


def test_made_up_goods_are_the_same_every_time() -> None:
    assert list(goods.catalogue(None, most=30)) == list(goods.catalogue(None, most=30))


def test_a_catalogue_file_is_read_up_to_the_wanted_number(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("sku,title,brand,description,price\nA,Lamp,Aurel,Bright,1250\nB,Chair,Brandt,Firm,0\n", encoding="utf-8")
    lamp, chair = goods.catalogue(file, most=5)
    assert (lamp.title, lamp.price_minor, chair.price_minor) == ("Lamp", 1250, 1)
    assert len(list(goods.catalogue(file, most=1))) == 1


def test_the_work_of_a_child_that_has_ended_is_counted() -> None:
    before = cpu_seconds([os.getpid()])
    subprocess.run([sys.executable, "-c", "sum(range(6_000_000))"], check=True)
    assert cpu_seconds([os.getpid()]) - before > 0.05
