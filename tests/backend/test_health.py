"""What a load balancer and the watch are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from backend import health
from backend.metrics import facts
from core import clock
from escrow.ledger import proving
from escrow.ledger.models import LedgerProof
from search import operations as search
from tests.factories import trade


def worker_heard_of(ago: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", [ago])


def test_alive_touches_nothing(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.block():
        assert health.alive(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_ready_names_what_is_missing(client: Client) -> None:
    assert client.get("/readyz").json()["parts"]["worker"] == "no worker is running"
    worker_heard_of("3 minutes")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "180 s" in answer.json()["parts"]["worker"]
    strict = client.get("/readyz?all=1")
    assert (strict.status_code, strict["Retry-After"], strict.json()["status"]) == (503, "2", "not ready")
    worker_heard_of("1 second")
    search.rebuild(at=clock.now())
    assert client.get("/readyz?all=1").json() == {
        "status": "ready",
        "parts": {"database": "ok", "migrations": "ok", "worker": "ok", "search": "ok"},
    }


@pytest.mark.django_db
def test_ready_refuses_while_migrations_are_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'escrow' AND name = '0001_ledger'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["migrations"]) == (503, "1 are not applied: ./souk migrate")


# ── metrics ───────────────────────────────────────────────────────────────────────────────────────
def told(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    lines = (line.rpartition(" ") for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in lines}


@pytest.mark.django_db
def test_metrics_count_requests_by_route_and_tell_what_waits(client: Client) -> None:
    client.get("/healthz")
    order = trade.paid_order()
    proving.prove(at=clock.now())
    found = told(client)
    assert found['souk_request_seconds_count{method="GET",route="healthz",status="200"}'] >= 1
    assert found['souk_holds{state="funded"}'] == 1
    assert found["souk_holds_overdue"] == 0
    assert found['souk_held_minor{currency="EUR"}'] == order.total_minor
    assert found["souk_ledger_violations"] == 0
    assert 0 <= found["souk_ledger_check_age_seconds"] < 60
    assert found['souk_jobs{queue="money",status="todo"}'] >= 1
    assert found['souk_job_lag_seconds{queue="money"}'] >= 0
    assert found["souk_search_outbox"] >= 1
    assert found["souk_database_up"] == 1
    clock.travel(timedelta(days=30))
    assert told(client)["souk_holds_overdue"] == 1


@pytest.mark.django_db
def test_every_fact_can_be_asked() -> None:
    assert {family.name for family in facts.collect()} == {*facts.FACTS, "souk_pool"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("a-long-token", {}, 404),
        ("a-long-token", {"Authorization": "Bearer another"}, 404),
        ("a-long-token", {"Authorization": "Bearer a-long-token"}, 200),
    ],
)
def test_metrics_are_not_there_for_strangers(
    client: Client, monkeypatch: pytest.MonkeyPatch, token: str, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setattr(settings, "SOUK", replace(settings.SOUK, metrics_token=token))
    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
def test_metrics_are_not_there_for_another_machine() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404


@pytest.mark.django_db
def test_prove_keeps_what_it_found() -> None:
    at = clock.now()
    proving.prove(at=at - timedelta(days=91))
    proof = proving.prove(at=at)
    assert (proof.violations, proof.words) == (0, [])
    assert LedgerProof.objects.count() == 1
