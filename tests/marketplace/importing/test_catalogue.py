"""A real catalogue of 19,406 products, where the house's data stand beside it: all in, and nothing changes the second time.

The suite takes its first 2,000 rows, SOUK_PROVE=1 (`./souk prove`) all of them.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from backend.env import ROOT
from tests.crashes.market import environment_of
from tests.factories import goods

CATALOGUE = Path(os.environ.get("SOUK_CATALOGUE", ROOT.parent / "shared" / "data" / "catalogue" / "icecat.csv.gz"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CATALOGUE.exists(), reason=f"needs {CATALOGUE}: the shared catalogue of 19,406 products"),
]
ROWS = 19_406 if os.environ.get("SOUK_PROVE") else 2_000
MOST_MB = 500


def first_rows(folder: Path) -> Path:
    """The catalogue's beginning, line by line: a quoted line break would make the tally below differ."""
    with gzip.open(CATALOGUE, "rb") as whole, gzip.open(folder / "catalogue.csv.gz", "wb", compresslevel=1) as part:
        part.writelines(itertools.islice(whole, ROWS + 1))
    return folder / "catalogue.csv.gz"


def test_the_catalogue_goes_in_and_stays_as_it_is(tmp_path: Path) -> None:
    goods.tree()
    vendor = goods.shop()
    connections.close_all()
    words = [str(first_rows(tmp_path)), "--vendor", vendor.slug, "--currency", "EUR", "--category", "computers", "--stock", "5", "--json"]
    values = {**os.environ, **environment_of(tmp_path, "http://127.0.0.1")}
    reports = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "backend", "import_listings", *words], cwd=ROOT, env=values, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        reports.append(json.loads(done.stdout))
    print([{name: report[name] for name in ("seconds", "peak_mb", "searchable_after_seconds")} for report in reports])
    tally = [[report[name] for name in ("created", "changed", "unchanged", "failed")] for report in reports]
    assert tally == [[ROWS, 0, 0, 0], [0, 0, ROWS, 0]]
    assert max(report["peak_mb"] for report in reports) <= MOST_MB
