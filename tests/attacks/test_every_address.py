"""Every address of the house, asked for by everybody, with everything that is theirs and that is not: never a 5xx, never a leak."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize

from accounts.models import User
from escrow.ledger.checks import violations
from marketplace.catalog.stock import queries as stock
from tests.factories import world

ALL = bool(os.environ.get("SOUK_PROVE"))  # `./souk prove` tries everything everywhere, the suite one thing after the other
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# Which thing of a life fills the gap in an address: by the name before the gap, else by the gap's own name.
KINDS = {
    "addresses": "address", "tokens": "token", "notifications": "notification", "members": "member", "invitations": "invitation",
    "listings": "listing", "listing": "listing", "orders": "order", "checkout": "checkout", "methods": "method", "places": "place",
    "holds": "hold", "issues": "hold", "sandbox": "bank", "slug": "vendor", "shop": "vendor", "token": "secret", "vendors": "vendor",
    "photos": "photo", "sales": "order", "payments": "payment", "shipping_methods": "method", "pickup_places": "place", "my_listings": "listing",
    "sandbox_bank": "bank", "lines": "line", "checkouts": "checkout", "bulk_changes": "bulk_change", "changes": "bulk_change", "imports": "import",
    "papers": "paper", "paper": "paper", "statements": "month", "month": "month", "exhibits": "exhibit", "exhibit": "exhibit",
    "returns": "return", "shop_returns": "return", "late_refunds": "hold", "asked": "return",
}  # fmt: skip
FIXED = {"c": "lighting", "title": "lamp", "number": "7", "code": "hold:X", "key": "fund:x", "path": "photos/x.jpg", "verb": "pause",
         "action": "messages", "uidb36": "1"}  # fmt: skip
JUNK: list[str | bytes] = [
    "",
    "-1",
    "9" * 400,
    "\x00",
    b"\xed\xa0\x80",
    "💶<script>alert(1)</script>",
    "A" * 3_000,
    "0x1F",
    "NaN",
    "2026-13-45",
    "EUR",
    "[]",
]
WORDS = [
    "quantity",
    "shown_total_minor",
    "amount",
    "amount_minor",
    "amount_0",
    "price",
    "name",
    "title",
    "street",
    "city",
    "country",
    "postcode",
    "email",
    "variant",
    "reason",
    "words",
    "outcome",
    "method",
    "q",
    "category",
    "min_price",
    "max_price",
    "sort",
    "page",
    "cursor",
    "next",
    "language",
    "time_zone",
    "scopes",
    "expires_at",
    "role",
    "carrier",
    "tracking_number",
    "code",
    "choice",
    "state",
    "verb",
    "base",
    "each_more",
    "free_from",
    "days_min",
    "days_max",
    "zones",
    "on_hand",
    "special",
    "from",
    "until",
    "kind",
    "currency",
    "password",
    "login",
    "form-TOTAL_FORMS",
    "variants-TOTAL_FORMS",
    "variants-INITIAL_FORMS",
    "action",
    "photo",
    "order",
    "file",
    "text",
    "handling_days",
    "returns_days",
    "version",
    "note",
    "until_days",
]


def addresses() -> Iterator[tuple[str, list[str]]]:
    """(pattern with %(gaps)s, its gaps) of every address but Django's admin, which has its own tests."""
    for route in _below(get_resolver(), ""):
        for pattern, gaps in normalize(route)[:1]:
            yield "/" + pattern, list(gaps)


def _below(resolver: Any, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if getattr(entry, "app_name", "") == "admin":
            continue
        route = before + entry.pattern.regex.pattern.removeprefix("^").removesuffix(r"\Z").removesuffix("$")
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _below(entry, route)


def filled(pattern: str, gaps: list[str], life: world.Life, turn: int = 0) -> str:
    values = {}
    for gap in gaps:
        before = pattern.split(f"%({gap})s")[0].rstrip("/").split("/")[-1]
        kind = KINDS.get(before) if gap in ("reference", "ref", "slug") else None
        options = life.things.get(kind or KINDS.get(gap, ""), [])
        values[gap] = FIXED.get(before) or FIXED.get(gap) or (options[turn % len(options)] if options else "XXXXXXXXXXXX")
    return pattern % values


@pytest.fixture
def lives() -> tuple[world.Life, world.Life]:
    return world.life("MINE"), world.life("OTHERS")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)


def visitor(user: User | None) -> Client:
    client = Client(enforce_csrf_checks=False, raise_request_exception=False)
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def people(lives: tuple[world.Life, world.Life]) -> dict[str, User | None]:
    return {"guest": None, "buyer": lives[0].buyer, "seller": lives[0].seller, "staff": world.staff()}


def test_get_never_fails_and_never_leaks(lives: tuple[world.Life, world.Life]) -> None:
    broken, leaks, asked = [], [], 0
    for name, user in people(lives).items():
        client = visitor(user)
        for pattern, gaps in addresses():
            for turn, life in enumerate([lives[1], lives[1], lives[0]] if gaps and ALL else lives[1:]):
                address = filled(pattern, gaps, life, turn)
                answer = client.get(address)
                asked += 1
                if answer.status_code >= 500 and address != "/readyz":
                    broken.append((name, address, answer.status_code))
                secrets = (b"Private OTHERS", b"Private words OTHERS", b"Secret draft OTHERS", b"buyer-others@")
                if name != "staff" and not answer.streaming and any(secret in answer.content for secret in secrets):
                    leaks.append((name, address))
    print(f"GET: {asked} requests")
    assert broken == []
    assert leaks == []


def test_get_survives_every_query(lives: tuple[world.Life, world.Life]) -> None:
    broken, queries = [], ["%00", "%ed%a0%80", "9" * 60, "-1", "%F0%9F%92%B6"]
    for shift, (name, user) in enumerate(people(lives).items()):
        client = visitor(user)
        for number, (pattern, gaps) in enumerate(addresses()):
            for query in queries if ALL else (queries[(number + shift) % len(queries)],):
                address = filled(pattern, gaps, lives[0])
                status = client.get(f"{address}?{'&'.join(f'{word}={query}' for word in WORDS)}").status_code
                if status >= 500 and address != "/readyz":
                    broken.append((name, address, query, status))
    assert broken == []


@pytest.mark.parametrize("name", ["guest", "buyer", "seller", "staff"])
def test_post_of_junk_never_fails_and_moves_nothing_of_others(lives: tuple[world.Life, world.Life], name: str) -> None:
    broken, asked = [], 0
    before = belongings(lives[1])
    for number, (pattern, gaps) in enumerate(addresses()):
        if "logout" in pattern or ("sandbox_bank" in pattern or "pay/sandbox" in pattern):
            continue  # who has the bank's address may pay
        for place, life in enumerate((lives[1], lives[0]) if ALL else (lives[number % 2],)):
            client = visitor(people_once(lives, name))
            for junk in JUNK if ALL else (JUNK[(number + 5 * place) % len(JUNK)],):
                asked += 1
                status = client.post(
                    filled(pattern, gaps, life), {**dict.fromkeys(WORDS, junk), "file": SimpleUploadedFile("x.png", b"\x89PNG")}
                ).status_code
                if status >= 500:
                    broken.append((pattern, repr(junk[:12]), status))
    print(f"POST by {name}: {asked} requests")
    assert broken == []
    if name != "staff":
        assert belongings(lives[1]) == before
    assert stock.miscounted() == []
    assert violations() == []


def people_once(lives: tuple[world.Life, world.Life], name: str) -> User | None:
    if name == "staff" and not User.objects.filter(email="desk@example.com").exists():
        world.staff()
    return {"guest": None, "buyer": lives[0].buyer, "seller": lives[0].seller, "staff": User.objects.filter(email="desk@example.com").first()}[name]


def belongings(life: world.Life) -> list[object]:
    """What a stranger must never change."""
    found: list[object] = []
    with connection.cursor() as cursor:
        for table, key in [
            ("marketplace_order", "order"),
            ("marketplace_listing", "listing"),
            ("accounts_address", "address"),
            ("escrow_hold", "hold"),
        ]:
            cursor.execute(f'SELECT t.* FROM "{table}" t WHERE reference = ANY(%s) ORDER BY id', [life.things[key]])
            found += cursor.fetchall()
    return found
