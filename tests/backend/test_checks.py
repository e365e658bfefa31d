"""Souk refuses to start where it would lose money or let somebody in."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.db import connection

from backend import checks, env

SAFE = {
    "SOUK_DEBUG": "0",
    "SOUK_TESTING": "0",
    "SOUK_URL": "https://souk.example",
    "SOUK_ALLOWED_HOSTS": "souk.example",
    "SOUK_SECRET_KEY": "fTq9x!ld0qKz82_mPw4uYr6sVb1nC3eH5jG7aT9oL2iRkXzQ4-wE8",
    "SOUK_PAYMENT_PROVIDER": "stripe",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRETS": "whsec_x,whsec_y",
}


def run(*command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in {**os.environ, **SAFE, **changes}.items() if value != "absent"}
    return subprocess.run([sys.executable, *command], cwd=env.ROOT, env=environment, text=True, capture_output=True, check=False)


def test_deploy_check_is_clean_in_production() -> None:
    done = run("-m", "backend", "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SOUK_SECRET_KEY": "absent"}, "SOUK_SECRET_KEY"),
        ({"SOUK_SECRET_KEY": "short"}, "SOUK_SECRET_KEY"),
        ({"SOUK_ALLOWED_HOSTS": "*"}, "SOUK_ALLOWED_HOSTS"),
        ({"SOUK_PAYMENT_PROVIDER": "sandbox", "SOUK_SANDBOX_WEBHOOK_SECRET": "x"}, "SOUK_ALLOW_SANDBOX"),
        ({"SOUK_PAYMENT_PROVIDER": "sandbox", "SOUK_ALLOW_SANDBOX": "1"}, "SOUK_SANDBOX_WEBHOOK_SECRET"),
        ({"SOUK_PAYMENT_PROVIDER": "paypall"}, "paypall"),
        ({"STRIPE_WEBHOOK_SECRETS": "absent"}, "STRIPE_WEBHOOK_SECRETS"),
        ({"STRIPE_WEBHOOK_SECRETS": " , "}, "STRIPE_WEBHOOK_SECRETS"),
        ({"STRIPE_WEBHOOK_SECRETS": "whsec_x,sk_live_x"}, "whsec_"),
        ({"STRIPE_SECRET_KEY": "absent"}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_SECRET_KEY": "pk_live_x"}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_API_BASE": "http://stripe.example"}, "STRIPE_API_BASE"),
        ({"STRIPE_COUNTRY": "Germany"}, "STRIPE_COUNTRY"),
        ({"STRIPE_PAYMENT_METHODS": "card,cheque"}, "cheque"),
        ({"SOUK_DEBUG": "1", "SOUK_ALLOWED_HOSTS": "absent"}, "SOUK_DEBUG is on"),
    ],
)
def test_servers_refuse_to_start(changes: dict[str, str], words: str) -> None:
    done = run("-c", "import backend.wsgi", **{"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing", **changes})
    assert done.returncode != 0
    assert "UnsafeConfiguration" in done.stderr
    assert words in done.stderr


def test_server_starts_when_all_is_safe() -> None:
    """Even while the database is away: readiness waits for it."""
    done = run("-c", "import backend.wsgi", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert done.returncode == 0, done.stderr


def test_empty_hosts_are_refused() -> None:
    environment = replace(env.read(), debug=False, secret_key="x" * 60, allow_sandbox=True, sandbox_webhook_secret="x")
    assert checks.problems(environment, hosts=["souk.example"]) == []
    assert "SOUK_ALLOWED_HOSTS" in checks.problems(environment, hosts=[])[0]


@pytest.mark.django_db
def test_careless_database_is_named() -> None:
    assert checks.careless() == []
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        assert "synchronous_commit" in checks.careless()[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
