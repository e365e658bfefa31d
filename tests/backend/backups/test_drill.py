"""The restore drill: saved while people buy, restored elsewhere, and trade goes on as if nothing had happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from backend.backups import taking
from backend.env import ROOT
from core import clock
from tests.crashes import market, stories
from tests.crashes.customer import Customer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def souk(data: Path, *words: str, module: str = "backend") -> subprocess.CompletedProcess[str]:
    values = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"SOUK_DATA": str(data), "SOUK_TESTING": "1"}
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, timeout=240, check=False)


def test_a_backup_under_load_comes_back_whole(tmp_path: Path) -> None:
    people, saved, elsewhere = market.settle(), tmp_path / "market.backup", tmp_path / "elsewhere"
    acknowledged: list[str] = []
    with market.opened(tmp_path) as here:
        buyer, over = Customer(here.address, people.buyer), threading.Event()
        crowd = threading.Thread(target=_buy_on, args=(buyer, people, acknowledged, over))
        crowd.start()
        _until(lambda: len(acknowledged) >= 1)
        before = list(acknowledged)
        taking.take(saved, at=clock.now())
        over.set()
        crowd.join(60)
    restored = souk(elsewhere, "restore", str(saved), "--data", str(elsewhere), "--json")
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    assert (told["violations"], told["listings"]) == (0, 1)
    assert souk(elsewhere, "check_ledger").returncode == 0
    (tmp_path / "logs").mkdir()
    with market.opened(tmp_path / "logs", DATABASE_URL="", SOUK_DATA=str(elsewhere)) as there:
        buyer = Customer(there.address, people.buyer)
        known = {order["reference"] for order in buyer.get("orders/")["results"]}
        assert set(before) <= known, "an order that was acknowledged before the backup is not in it"
        stories.pay(buyer, stories.place(buyer, people))
        _until(lambda: souk(elsewhere, module="tests.crashes.truth").stdout.strip() == "[]")
    again = souk(elsewhere, "restore", str(saved), "--data", str(elsewhere))
    assert again.returncode != 0
    assert "There is a market here already" in again.stderr


def _buy_on(buyer: Customer, people: market.People, acknowledged: list[str], over: threading.Event) -> None:
    while not over.is_set() and len(acknowledged) < 4:
        acknowledged.append(stories.pay(buyer, stories.place(buyer, people)))


def _until(fact: object, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not fact():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.2)
