"""PostgreSQL goes away under load, politely and not, and comes back: clean answers meanwhile, nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote

import pytest

from backend.backups import programs
from backend.env import ROOT
from core import postgres
from core.postgres import cluster
from core.postgres.places import Places
from tests.crashes import market, stories
from tests.crashes.customer import Customer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AWAY_SECONDS = 1.5
PLUGS_PULLED = 40 if os.environ.get("SOUK_PROVE") else 1  # pg_ctl stop -m immediate, under load


@dataclass
class Server:
    """A PostgreSQL of our own, so that nobody else's falls with it."""

    data: Path
    found: postgres.Server

    @property
    def url(self) -> str:
        return f"postgresql://souk:{quote(self.found.password)}@{quote(self.found.host, safe='')}:{postgres.PORT}/souk"

    def stop(self) -> None:
        cluster.stop(self.data)

    def crash(self) -> None:
        process = cluster.postmaster(Places(self.data))
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)

    def pull_the_plug(self) -> None:
        places = Places(self.data)
        cluster.run(places, cluster.binaries() / "pg_ctl", "stop", "-D", places.cluster, "-m", "immediate", "-w", "-t", "30", "-s")

    def start(self) -> None:
        self.found = postgres.ensure_running(self.data)


@pytest.fixture
def people() -> market.People:
    return market.settle()


@pytest.fixture
def server(people: market.People, tmp_path: Path) -> Iterator[Server]:
    """It begins as a copy of the test's database."""
    data = tmp_path / "apart"
    server = Server(data, postgres.ensure_running(data))
    dump = tmp_path / "copy.dump"
    programs.run("pg_dump", "--format=custom", "--no-owner", "--file", dump)
    restore = [programs.program("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={server.url}", str(dump)]
    subprocess.run(restore, check=True)
    yield server
    postgres.leave(data, wait=True)
    cluster.stop(data)


@dataclass
class Reader:
    """Opens a page again and again and keeps what it was answered."""

    url: str
    answers: list[tuple[int, str, float]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read_on(self) -> None:
        while not self.over.wait(0.25):  # a stranger may ask three hundred times a minute
            began = time.monotonic()
            try:
                with urllib.request.urlopen(self.url, timeout=30) as answer:
                    self.answers.append((answer.status, "", time.monotonic() - began))
            except urllib.error.HTTPError as refused:
                self.answers.append((refused.code, refused.headers.get("Retry-After", ""), time.monotonic() - began))
            except (OSError, HTTPException):
                self.answers.append((0, "", time.monotonic() - began))


def test_the_market_survives_its_database(server: Server, people: market.People, tmp_path: Path) -> None:
    with market.opened(tmp_path, DATABASE_URL=server.url) as here:
        buyer, seller = Customer(here.address, people.buyer), Customer(here.address, people.seller)
        packers = [Customer(here.address, token) for token in people.others]
        readers = [Reader(f"{here.address}{path}") for path in ("/", f"/listing/{people.listing.reference}/", "/api/v1/search/?q=lamp")]
        crowd = [threading.Thread(target=reader.read_on) for reader in readers]
        crowd += [threading.Thread(target=_pack_on, args=(packer, people, readers[0].over)) for packer in packers]
        for one in crowd:
            one.start()
        order = stories.pay(buyer, stories.place(buyer, people))
        for end in (server.stop, server.crash, server.stop, *[server.pull_the_plug] * PLUGS_PULLED):
            end()
            time.sleep(AWAY_SECONDS)
            server.start()
            time.sleep(AWAY_SECONDS)
        stories.send(buyer, seller, order)  # the worker is back at work too
        for reader in readers:
            reader.over.set()
        for one in crowd:
            one.join(60)
        assert not here.died, f"{here.died}\n{here.last_words()}"
        _all_clean(readers, buyer, seller, here)
        for packer in packers:
            acknowledged = sum(status == 201 for _path, status in packer.answers)
            assert acknowledged > 20
            assert _quantity(packer) == acknowledged, "an acknowledged write is lost, or one was done twice"
        _whole(server)


def _pack_on(packer: Customer, people: market.People, over: threading.Event) -> None:
    """One lamp more, again and again: however often the same request is sent, it is one lamp."""
    variant = people.listing.variants.get().reference
    while not over.wait(0.1):
        packer.post("cart/lines/", {"variant": variant, "quantity": 1})


def _quantity(packer: Customer) -> int:
    (currency,) = packer.get("cart/")["currencies"]
    return int(currency["sellers"][0]["lines"][0]["quantity"])


def _all_clean(readers: list[Reader], buyer: Customer, seller: Customer, here: market.Market) -> None:
    seen = [answer for reader in readers for answer in reader.answers]
    unclean = [answer for answer in seen if answer[0] not in (200, 503) or (answer[0] == 503 and not answer[1])]
    assert not unclean, f"{unclean[:5]} of {len(seen)}\n{here.last_words()}"
    assert sum(status == 503 for status, _after, _seconds in seen) > 3, "the database was never away"
    assert [answer for answer in buyer.answers + seller.answers if answer[1] not in (200, 201, 503)] == []
    assert max(seconds for _status, _after, seconds in seen) < 15
    for reader in readers:
        assert reader.answers[-1][0] == 200


def _whole(server: Server) -> None:
    values = {**os.environ, "DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "backend.settings"}
    deadline = time.monotonic() + 60
    while True:
        told = subprocess.run([sys.executable, "-m", "tests.crashes.truth"], cwd=ROOT, env=values, capture_output=True, text=True, check=False)
        if (problems := json.loads(told.stdout)) == []:
            return
        assert time.monotonic() < deadline, problems
        time.sleep(1)
