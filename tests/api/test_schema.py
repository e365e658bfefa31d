"""The published contract: the schema says everything, and the API does nothing that the schema does not say."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.factories import world

EXAMPLES = int(os.environ.get("SOUK_PROVE_EXAMPLES", "3"))  # of each operation and caller; `./souk prove` asks for many more
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
METHODS = {"get", "post", "put", "patch", "delete"}
# Which thing of a life a {reference} in a path is, by what stands before it.
KINDS = {
    "addresses": "address", "lines": "line", "checkouts": "checkout", "issues": "hold", "listings": "listing", "my_listings": "listing",
    "photos": "photo", "notifications": "notification", "orders": "order", "payments": "payment", "pickup_places": "place", "sales": "order",
    "sandbox_bank": "bank", "shipping_methods": "method", "tokens": "token", "vendors": "vendor", "invitations": "invitation",
    "members": "member", "categories": "category", "payouts": "payout", "bulk_changes": "bulk_change", "imports": "import",
    "papers": "paper", "statements": "month", "exhibits": "exhibit", "chargebacks": "chargeback",
    "returns": "return", "shop_returns": "return", "late_refunds": "hold",
}  # fmt: skip


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Drawn and proved once, by whichever of the suite's processes needs it first: it takes many seconds."""
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "souk.json"
    with path.with_suffix(".lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not path.exists():
            drawn = path.with_suffix(".new")
            call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(drawn))
            drawn.rename(path)
    return json.loads(path.read_text())


def test_schema_builds_without_warnings_and_names_every_permission(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    operations = [(path, method, one) for path, item in document["paths"].items() for method, one in item.items() if method in METHODS]
    assert len(operations) > 90
    silent = [(path, method) for path, method, one in operations if len(one.get("x-permission", "")) < 5]
    assert silent == []
    assert {one["x-access"] for _path, _method, one in operations} <= {"anyone", "person", "staff"}


def test_taking_a_line_out_answers_the_basket(document: dict[str, Any]) -> None:
    """Few random calls find a line to take out: without being told, the generator expects DELETE to answer nothing."""
    answers = document["paths"]["/api/v1/cart/lines/{reference}/"]["delete"]["responses"]
    assert [code for code in answers if code < "300"] == ["200"]


def test_guests_find_their_ways_in(document: dict[str, Any]) -> None:
    def ways(method: str, path: str) -> set[str]:
        return {"".join(way) or "nothing" for way in document["paths"][f"/api/v1/{path}"][method]["security"]}

    signed_in = {"token", "cookieAuth"}
    assert ways("get", "cart/") == ways("post", "cart/lines/") == {*signed_in, "cartToken", "nothing"}
    assert ways("patch", "cart/lines/{reference}/") == ways("post", "checkouts/") == {*signed_in, "cartToken"}
    assert ways("get", "orders/{reference}/") == ways("post", "orders/{reference}/receipt/") == {*signed_in, "orderToken"}
    assert ways("get", "orders/") == ways("get", "sales/") == signed_in
    assert ways("get", "search/") == ways("post", "sandbox_bank/{reference}/payment/") == {"nothing"}
    schemes = document["components"]["securitySchemes"]
    assert {name: one.get("name") for name, one in schemes.items()} == {
        "cartToken": "X-Cart-Token", "orderToken": "X-Order-Token", "cookieAuth": "sessionid", "token": None,
    }  # fmt: skip


@pytest.fixture
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)


@pytest.fixture
def one_connection() -> Any:
    """Requests in this process keep the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unthrottled", "one_connection")
@pytest.mark.parametrize("caller", ["guest", "buyer", "seller", "staff"])
def test_the_api_answers_as_its_schema_says(caller: str, document: dict[str, Any]) -> None:
    mine, others = world.life("MINE"), world.life("OTHERS")
    desk = world.staff()
    secret = {"guest": "", "buyer": mine.buyer_token, "seller": mine.seller_token, "staff": world._token(desk)}[caller]
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = get_wsgi_application(), "/api/v1/schema/"  # as from_wsgi does, without drawing it again
    failures: dict[str, str] = {}
    seen: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith(("/schema/", "/docs/")):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _knock(operation, mode, headers, (mine, others), failures, seen)
    print(f"{caller}: {sum(seen.values())} requests, {dict(sorted(seen.items()))}")
    assert not failures, f"{len(failures)} kinds of failure:\n" + "\n\n".join(f"{name}\n{text}" for name, text in sorted(failures.items()))


def _knock(operation: Any, mode: GenerationMode, headers: dict[str, str], lives: tuple[world.Life, ...], failures: dict[str, str], seen: Any) -> None:
    turn = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def knock(case: Any) -> None:
        nonlocal turn
        turn += 1
        _aim(case, lives, turn)
        if turn % 4 and case.headers:  # an invented token ends everything early: only one time in four
            case.headers = {name: value for name, value in case.headers.items() if name.lower() != "authorization"}
        response = case.call(headers=headers)
        seen[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            for one in group.exceptions:
                name = f"{operation.method.upper()} {operation.path} → {response.status_code} {type(one).__name__}"
                failures.setdefault(name, f"{one}\n{case.as_curl_command()[:1500]}\n{response.content[:600]!r}")

    try:
        knock()
    except Exception as error:  # a strategy that cannot be satisfied, such as the negation of “anything”
        if type(error).__name__ not in ("Unsatisfiable", "SkipTest", "Skipped"):
            failures.setdefault(f"{operation.method.upper()} {operation.path} raises {type(error).__name__}", repr(error)[:2000])


def _aim(case: Any, lives: tuple[world.Life, ...], turn: int) -> None:
    """Two of three times at something that exists: ours, then a stranger's."""
    if turn % 3 == 0:
        return
    things = lives[0 if turn % 3 == 1 else 1].things
    parts = re.findall(r"([a-z_]+)/\{(\w+)\}", case.operation.path)
    for before, name in parts:
        options = {"category": ["lighting"], **things}.get(KINDS[before])
        if options and case.path_parameters is not None:
            case.path_parameters[name] = options[turn // 3 % len(options)]
