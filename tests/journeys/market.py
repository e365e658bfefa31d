"""A whole market for one test: the real web server and the real worker, as `./souk demo` starts them, on the test database."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test.utils import override_settings

from backend.demo import seed
from backend.supervisor import Child, Supervisor
from core import clock
from marketplace.catalog.categories import operations as categories


class QuickHasher(PBKDF2PasswordHasher):
    """The served market reads it like any other, and makes it strong at the first sign-in."""

    iterations = 1


@dataclass(frozen=True)
class Market:
    """Where it is, and the people who moved in."""

    address: str
    data: Path
    sign_ins: Path


@contextmanager
def opened(data: Path) -> Iterator[Market]:
    """Everybody of the demo has moved in, every shop is open, nothing is for sale yet."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.QuickHasher"]):
        demo = seed.open_market(clock.now())
    categories.plant()
    sign_ins = data / "sign-ins.json"
    sign_ins.write_text(json.dumps(demo.as_json()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    environment = _environment(data, address)
    web = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "backend.asgi:application"]
    with Supervisor(logs=data / "logs") as children:
        children.start(Child("worker", ["-m", "backend", "worker"], {**environment, "SOUK_PROCESS": "worker"}))
        children.start(Child("web", web, {**environment, "SOUK_PROCESS": "web"}))
        _wait_until_ready(address, children)
        yield Market(address, data, sign_ins)


def _environment(data: Path, address: str) -> dict[str, str]:
    """As in the demo, with a carrier that is quick."""
    return {
        "DATABASE_URL": _database_url(),
        "SOUK_DATA": str(data),
        "SOUK_URL": address,
        "SOUK_DEBUG": "0",
        "SOUK_TESTING": "0",
        "SOUK_ALLOW_SANDBOX": "1",
        "SOUK_SECRET_KEY": secrets.token_urlsafe(64),
        "SOUK_SANDBOX_WEBHOOK_SECRET": secrets.token_urlsafe(64),
        "SOUK_SANDBOX_CARRIER_SECONDS": "1",
        "SOUK_LOG_JSON": "0",
        "SOUK_POOL_SIZE": "4",
    }


def _database_url() -> str:
    now = connection.settings_dict
    host, port = str(now["HOST"]), now["PORT"] or 5432
    return f"postgresql://{quote(str(now['USER']))}:{quote(str(now['PASSWORD']))}@{quote(host, safe='')}:{port}/{quote(str(now['NAME']))}"


def _wait_until_ready(address: str, children: Supervisor) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=3).close()
            return
        except (urllib.error.URLError, OSError):
            children.check()
            assert time.monotonic() < deadline, "the market does not open"
            time.sleep(0.1)


def environment_without_ours() -> dict[str, str]:
    """What a stranger's shell would hand to a program."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "DJANGO_", "PYTEST"))}
