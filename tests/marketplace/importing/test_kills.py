"""`kill -9` in the middle of a table: the same command goes on, and no row is in twice or half; the worker's own is taken over.

The suite dies once, with rows written and their progress not; SOUK_PROVE=1 (`./souk prove`) at all three points.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connections

from backend.env import ROOT
from core import clock, jobs
from core.actors import SYSTEM
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.stock import queries as stock
from marketplace.importing import operations
from marketplace.importing.models import Import, ImportPicture
from marketplace.importing.states import ImportState
from marketplace.importing.terms import Terms
from marketplace.sale_formats.fixed_price.models import PriceChange
from tests.crashes.market import environment_of
from tests.factories import goods
from tests.factories.tables import written
from vendors.models import Vendor

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS = 600  # three chunks
POINTS = [("import.rows_written:2", 250), ("import.progress_written:2", 250), ("import.chunk_committed:2", 500)]


@pytest.fixture
def vendor() -> Vendor:
    goods.tree()
    return goods.shop()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [[f"A-{n}", f"Aurelio {n}", "10.00", 2, f"https://pictures.example/{n}.jpg"] for n in range(ROWS)]
    path = tmp_path / "table.csv"
    path.write_bytes(written(*rows, header=["sku", "title", "price", "stock", "image_url"]))
    return path


def command(table: Path, vendor: Vendor, wish: str = "") -> subprocess.CompletedProcess[str]:
    connections.close_all()
    values = {**os.environ, **environment_of(table.parent, "http://127.0.0.1"), "CRASH_POINT": wish}
    words = ["-m", "backend", "import_listings", str(table), "--vendor", vendor.slug, "--category", "computers", "--json"]
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=values, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("wish", "kept"), POINTS if os.environ.get("SOUK_PROVE") else POINTS[:1])
def test_the_same_command_goes_on(vendor: Vendor, table: Path, wish: str, kept: int) -> None:
    died = command(table, vendor, wish)
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    assert Listing.objects.count() == Import.objects.get().rows_done == kept
    done = command(table, vendor)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert [report[name] for name in ("created", "changed", "failed", "resumed_from")] == [ROWS, 0, 0, kept]
    assert Listing.objects.filter(state="published").count() == Variant.objects.filter(on_hand=2).count() == ROWS
    assert PriceChange.objects.count() == ImportPicture.objects.count() == ROWS
    assert stock.miscounted() == []
    again = json.loads(command(table, vendor).stdout)
    assert [again[name] for name in ("created", "changed", "unchanged")] == [0, 0, ROWS]


def test_a_table_whose_worker_died_is_taken_over(vendor: Vendor, table: Path) -> None:
    owner = vendor.members.get().user  # type: ignore[attr-defined]
    terms = Terms(currency="EUR", category="computers")
    with table.open("rb") as file:
        batch = operations.upload(vendor=vendor, user=owner, name="t.csv", file=file, terms=terms, actor=SYSTEM, at=clock.now())
    operations.start(batch=batch, actor=SYSTEM, at=clock.now())
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # the turn died with its worker
    clock.travel(timedelta(minutes=2))
    jobs.defer("marketplace.importing.jobs.keep_importing")
    jobs.run_due()
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (ImportState.DONE, ROWS)


def test_a_table_that_nobody_began_is_forgotten(vendor: Vendor, table: Path) -> None:
    with table.open("rb") as file:
        batch = operations.upload(vendor=vendor, user=None, name="t.csv", file=file, terms=Terms(currency="EUR"), actor=SYSTEM, at=clock.now())
    assert storages["private"].exists(batch.file)
    clock.travel(timedelta(days=8))
    jobs.defer("marketplace.importing.jobs.forget_unused_tables")
    jobs.run_due()
    assert not storages["private"].exists(batch.file)
    assert Import.objects.get().state == ImportState.CANCELLED
