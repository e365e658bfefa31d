"""Nonsense for every operation of the API: never a 5xx, always a problem that is documented, nothing moved of others."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from escrow.ledger.checks import violations
from marketplace.catalog.stock import queries as stock
from tests.api import test_schema
from tests.api.test_schema import KINDS, METHODS
from tests.factories import world

ALL = bool(os.environ.get("SOUK_PROVE"))  # everything everywhere, or one thing after the other
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JSON = "application/json"
document = test_schema.document  # its fixture
BODIES: list[tuple[bytes, str]] = [
    *((raw, JSON) for raw in (
        b"", b"null", b"[]", b'"x"', b"1", b"{", b'{"name":1,"name":2}', b"\xff\xfe{}", b'{"name":"\xff"}', b'{"name":NaN}', b'{"name":-Infinity}',
        b"[" * 2000 + b"]" * 2000, b'{"name":"\\u0000"}', b'{"name":"\\ud800"}', b'{"name":' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}", b"{}" * 2,
        b'{"attributes":{"a":1e999}}',
        b'{"' + b"a" * 100_000 + b'":1}',
    )),
    *((b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n1', kind) for kind in (
        "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset=rubbish", "rubbish", "",
    )),
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 2**63, 2**200, 1e308, -0.5, "", "x" * 20_000, [], [[[]]], {}, {"a": {"b": [1]}}, "\u202e💶", "../../etc/passwd",
    "'; DROP TABLE x;--", [None], [1, "a", {}], {"": ""}, "2026-13-45", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", ["*"] * 500, "ＥＵＲ",
]  # fmt: skip
HEADERS: list[dict[str, str]] = [
    {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 1000}, {"Idempotency-Key": "schlüssel"}, {"Idempotency-Key": "a\x01b"},
    {"X-Cart-Token": "rubbish"}, {"X-Cart-Token": "\x00" * 5}, {"X-Order-Token": "ü" * 900}, {"Authorization": "Bearer"},
    {"Authorization": "Bearer a b"}, {"Authorization": "Bearer \xff"}, {"Authorization": "Basic x"}, {"Accept": "text/rubbish"}, {"Accept": ";;;"},
    {"Accept-Language": "rubbish;q=ü"}, {"Accept-Language": "x" * 3000}, {"Range": "bytes=0-1"}, {"If-Match": "rubbish"}, {"If-Match": "9" * 99},
    {"X-HTTP-Method-Override": "DELETE"}, {"X-Request-ID": "a\tb" * 99}, {"Host": "evil.example"}, {"X-Forwarded-For": "rubbish, ü"},
]  # fmt: skip
QUERIES = [
    "limit=-1", "cursor=%00", "cursor=" + "A" * 5000, "%00=1", "x[]=1", "limit=%F0%9F%99%82", "limit=1&limit=2", "vendor=%00", "q=" + "x" * 3000,
    "&".join(f"a{number}=1" for number in range(900)), "=", "%ff=%ff", "q=%ff%fe", "limit=" + "9" * 400, "vendor=" + "9" * 400, "format=xml",
]  # fmt: skip


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> world.Life:
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)
    return world.life("MINE")


class Caller:
    """Knocks, and remembers what was not answered as it should be."""

    def __init__(self, life: world.Life) -> None:
        self.things = life.things
        self.broken: list[tuple[Any, ...]] = []
        self.clients: dict[str, Client] = {}
        for name, user in (("buyer", life.buyer), ("seller", life.seller), ("staff", world.staff()), ("guest", None)):
            self.clients[name] = Client(raise_request_exception=False)
            if user:
                self.clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def knock(self, method: str, path: str, documented: set[str], body: bytes = b"", kind: str = JSON, **headers: str) -> None:
        who = "staff" if "/desk/" in path else "seller" if re.search(r"listing|sales|vendors|imports|shipping|pickup", path) else "buyer"
        try:
            answer = self.clients[who].generic(method, path, body, content_type=kind, headers={"If-Match": "*", **headers})
        except Exception as error:  # the middleware too must stand
            self.broken.append((method, path[:120], repr(error)[:200], body[:60]))
            return
        code, form = answer.status_code, answer.get("Content-Type", "")
        if code >= 500 or str(code) not in documented or (code >= 400 and method != "HEAD" and form != "application/problem+json"):
            self.broken.append((method, path[:120], code, form, body[:80], headers, answer.content[:200]))


def operations(caller: Caller, document: dict[str, Any]) -> Iterator[tuple[int, str, str, dict[str, Any], set[str]]]:
    """(number, method, filled path, operation, documented answers) of all but what ends the caller's own life."""
    schemas = document["components"]["schemas"]
    number = 0
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            number += 1
            filled = path
            for before, gap in re.findall(r"([a-z_]+)/\{(\w+)\}", path):
                options = caller.things.get(KINDS[before]) or ["lighting"]
                filled = filled.replace(f"{{{gap}}}", options[-1])
            operation = dict(item[method], schemas=schemas)
            yield number, method.upper(), filled, operation, {*operation["responses"], "413"}


def fields(operation: dict[str, Any]) -> list[str]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        while "$ref" in schema:
            schema = operation["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return list(schema.get("properties", {}))
    return []


def turn(things: list[Any], number: int, many: int) -> list[Any]:
    """All of them, or a few: others for the next operation."""
    return things if ALL else [things[(number * many + one) % len(things)] for one in range(many)]


def test_bodies(mine: world.Life, document: dict[str, Any]) -> None:
    caller = Caller(mine)
    for number, method, path, operation, documented in operations(caller, document):
        if method == "GET":
            continue
        for body, kind in turn(BODIES, number, 4):
            caller.knock(method, path, documented, body, kind)
        for place, name in enumerate(fields(operation)):
            for value in turn(VALUES, number + place, 2):
                caller.knock(method, path, documented, json.dumps({name: value}).encode())
    assert caller.broken == []
    assert stock.miscounted() == []
    assert violations() == []


def test_headers_and_questions(mine: world.Life, document: dict[str, Any]) -> None:
    caller = Caller(mine)
    for number, method, path, _operation, documented in operations(caller, document):
        if method != "DELETE":
            for headers in turn(HEADERS, number, 3):
                known = {*documented, "400"} if "Host" in headers else documented
                caller.knock(method, path, known, b"{}", **headers)
        if method == "GET":
            for query in turn(QUERIES, number, 3):
                caller.knock(method, f"{path}?{query}", documented)
            caller.knock("HEAD", path, documented)
        caller.knock("OPTIONS", path, {"204", "404"})
    assert caller.broken == []


def test_paths(mine: world.Life, document: dict[str, Any]) -> None:
    """Without its slash, with two, with rubbish behind: a redirect or a 404, never more."""
    caller = Caller(mine)
    for _number, method, path, _operation, _documented in operations(caller, document):
        for odd in (path.rstrip("/"), f"{path}/", f"{path}%00/", f"{path}..;/", path.replace("/v1/", "/v2/")):
            caller.knock(method, odd, {"404", "405", "301", "308"})
    assert caller.broken == []
