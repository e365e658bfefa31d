"""A market whose web server and worker can be made to die at a named point, and come back without it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connections

from accounts.models import User
from accounts.tokens import operations as tokens
from backend import orphans
from backend.env import ROOT
from core import clock, jobs
from escrow.payments import sandbox_bank
from marketplace.catalog.listings.models import Listing
from tests.factories import goods, trade
from tests.journeys.market import _database_url as database_url

READY_SECONDS = 90.0
TICKS = (
    "escrow.payments.jobs.settle_statements",
    "escrow.providers.sandbox.jobs.work_through_the_day",
    "escrow.holds.jobs.move_due_holds",
    "escrow.ledger.jobs.seal_transfers",
)


@dataclass
class Market:
    """One web server and one worker. When one of them dies at the wished point the other is killed too, and both start anew."""

    address: str
    data: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    died: str = ""
    died_at: float = 0.0
    back_at: float = 0.0
    closing: threading.Event = field(default_factory=threading.Event)

    def start(self, wish: str = "") -> None:
        web = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", self.address.rpartition(":")[2], "backend.asgi:application"]
        for name, command in (("web", web), ("worker", ["-m", "backend", "worker"])):
            values = {**os.environ, **self.environment, "SOUK_PROCESS": name, "CRASH_POINT": wish, orphans.PARENT: str(os.getpid())}
            with (self.data / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, *command], cwd=ROOT, env=values, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, number: int = signal.SIGKILL) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.kill(process.pid, number)
        for process in self.processes.values():
            process.wait(30)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.closing.is_set():
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=3).close()
                return
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < deadline, f"the market does not open:\n{self.last_words()}"
                time.sleep(0.1)

    def watch(self) -> None:
        """Runs in a thread until the market closes: the supervisor of this theatre."""
        while not self.closing.wait(0.05):
            for name, process in list(self.processes.items()):
                if process.poll() is not None and not self.died:
                    self.died, self.died_at = f"{name} ({process.returncode})", time.monotonic()
                    self.kill()
                    self.start()
                    self.wait_until_ready()
                    self.back_at = time.monotonic()

    def last_words(self) -> str:
        return "\n".join(f"── {log.name}\n{log.read_text(errors='replace')[-2500:]}" for log in sorted(self.data.glob("*.log")))

    def tick(self) -> None:
        """The schedule's next minute begins now."""
        for name in TICKS:
            jobs.defer(name, key=f"tick:{name}")


@contextmanager
def opened(data: Path, *, wish: str = "", **values: str) -> Iterator[Market]:
    """`values` are variables of the environment, for a market that stands elsewhere."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    market = Market(address, data, {**environment_of(data, address), **values})
    market.start(wish)
    watcher = threading.Thread(target=market.watch, name="watcher")
    try:
        market.wait_until_ready()
        watcher.start()
        yield market
    finally:
        market.closing.set()
        if watcher.ident:
            watcher.join(120)
        market.kill()
        connections.close_all()


def environment_of(data: Path, address: str) -> dict[str, str]:
    """As in production, with a carrier that is quick and in test settings: elsewhere a crash point refuses to start."""
    return {
        "DATABASE_URL": database_url(),
        "SOUK_DATA": str(data),
        "SOUK_URL": address,
        "SOUK_DEBUG": "0",
        "SOUK_TESTING": "1",
        "SOUK_ALLOW_SANDBOX": "1",
        "SOUK_SECRET_KEY": secrets.token_urlsafe(64),
        "SOUK_SANDBOX_WEBHOOK_SECRET": secrets.token_urlsafe(64),
        "SOUK_SANDBOX_CARRIER_SECONDS": "1",
        "SOUK_LOG_JSON": "0",
        "SOUK_POOL_SIZE": "4",
    }


@dataclass(frozen=True)
class People:
    """A buyer, a seller with a shop, and five lamps."""

    buyer: str
    seller: str
    shop: str
    listing: Listing
    others: tuple[str, ...] = ()


def settle() -> People:
    """Everything that must be there before the story begins."""
    buyer, owner = goods.person("amina@example.com"), goods.person("jonas@example.com")
    vendor = goods.shop(owner)
    trade.method(vendor)
    listing = goods.published(vendor, on_hand=5_000)
    sandbox_bank.configure(settlement_seconds=0, payout_seconds=1)
    others = tuple(_token(goods.person()) for _ in range(2))
    return People(_token(buyer), _token(owner), vendor.slug, listing, others)


def _token(user: User) -> str:
    at = clock.now()
    scopes = ["read", "buy", "sell", "money", "account"]
    return tokens.issue(user=user, name="Robot", scopes=scopes, expires_at=at + timedelta(days=90), at=at)[1]
