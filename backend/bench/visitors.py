"""Eight visitors at once, each on its own connection and, to the server behind its proxy, from ever other addresses."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote

VISITORS = 8
Told = TypeVar("Told")
_addresses = itertools.count(1)
_own = threading.local()


class WrongAnswer(Exception):
    """The server answered something else than the bench expects, so its time says nothing."""


class Connection:
    """Keeps one connection open to one server, as a proxy does."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.further = ""  # where the list that this visitor walks through goes on

    def get(self, path: str) -> bytes:
        return self._send("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return dict(json.loads(self._send("POST", path, json.dumps(body or {}), named)))

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        sent = {"X-Forwarded-For": _somewhere(), "Content-Type": "application/json", "Accept-Language": "en", **headers}
        self._http.request(method, quote(path, safe="/?=&%+"), body=body, headers=sent)
        response = self._http.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise WrongAnswer(f"{method} {path} answered {response.status}: {answer[:400].decode(errors='replace')}")
        return answer


def _somewhere() -> str:
    number = next(_addresses)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def all_at_once(port: int, visits: Sequence[Callable[[Connection], Told]]) -> tuple[list[float], list[Told]]:
    """Every visit, eight at a time; how many seconds each took, and what it brought home."""

    def one(visit: Callable[[Connection], Told]) -> tuple[float, Told]:
        connections = _own.__dict__.setdefault("connections", {})
        connection = connections.get(port) or connections.setdefault(port, Connection(port))
        begun = time.perf_counter()
        told = visit(connection)
        return time.perf_counter() - begun, told

    with ThreadPoolExecutor(VISITORS) as crowd:
        done = list(crowd.map(one, visits))
    return [seconds for seconds, _ in done], [told for _, told in done]
