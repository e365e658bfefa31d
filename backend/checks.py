"""Refuses to start on a configuration that would lose money or let somebody in."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError

from backend.env import INSECURE_KEY, Environment

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
STRIPE_METHODS = frozenset({"card", "alipay", "wechat_pay", "klarna", "affirm", "afterpay_clearpay", "customer_balance"})


def problems(environment: Environment, *, hosts: Sequence[str]) -> list[str]:
    """Every reason not to start, each with what to do. While developing (SOUK_DEBUG on) only those about money that is real."""
    if environment.debug:
        return _of_stripe(environment)
    found = []
    if environment.secret_key == INSECURE_KEY or len(environment.secret_key) < 50:
        found.append("SOUK_SECRET_KEY is missing or shorter than 50 characters. Set it to a long random text and keep it secret.")
    if not hosts:
        found.append("SOUK_ALLOWED_HOSTS is empty. Name the hosts that Souk answers for, separated by commas.")
    if "*" in hosts:
        found.append("SOUK_ALLOWED_HOSTS contains *. Name the hosts that Souk answers for.")
    return found + _of_payments(environment)


def _of_payments(environment: Environment) -> list[str]:
    found = []
    provider = environment.payment_provider
    if provider not in {"sandbox", "stripe"}:
        found.append(f"SOUK_PAYMENT_PROVIDER is {provider!r}, which does not exist. Write stripe (or sandbox for a trial).")
    if provider == "sandbox":
        if not environment.allow_sandbox:
            found.append("The sandbox provider moves no real money. Choose SOUK_PAYMENT_PROVIDER=stripe, or say SOUK_ALLOW_SANDBOX=1.")
        if not environment.sandbox_webhook_secret:
            found.append("SOUK_SANDBOX_WEBHOOK_SECRET is missing. Without it anybody could announce a payment.")
    return found + _of_stripe(environment)


def _of_stripe(environment: Environment) -> list[str]:
    if environment.payment_provider != "stripe":
        return []
    found = []
    key, base = environment.stripe_secret_key, urlsplit(environment.stripe_api_base)
    if not re.match(r"(sk|rk)_(test|live)_", key):
        found.append("STRIPE_SECRET_KEY is missing or not a secret key (sk_live_…, or rk_live_… for a restricted one).")
    if environment.debug and "_live_" in key:
        found.append("STRIPE_SECRET_KEY moves real money while SOUK_DEBUG is on. Use a test key, or turn SOUK_DEBUG off.")
    if not environment.stripe_webhook_secrets:
        found.append("STRIPE_WEBHOOK_SECRETS is missing. Without it anybody could announce a payment.")
    if any(not secret.startswith("whsec_") for secret in environment.stripe_webhook_secrets):
        found.append("STRIPE_WEBHOOK_SECRETS has a value that does not begin with whsec_. Copy the signing secret of each endpoint.")
    if environment.stripe_api_base and base.scheme != "https" and base.hostname not in LOCAL:
        found.append("STRIPE_API_BASE is not https://, so the secret key would travel in the open.")
    if environment.stripe_country and not re.fullmatch("[A-Z]{2}", environment.stripe_country):
        found.append("STRIPE_COUNTRY must be the two letters of your Stripe account's country, such as DE.")
    if unknown := set(environment.stripe_payment_methods) - STRIPE_METHODS:
        found.append(f"STRIPE_PAYMENT_METHODS names {', '.join(sorted(unknown))}. Known are: {', '.join(sorted(STRIPE_METHODS))}.")
    if not environment.stripe_payment_methods:
        found.append("STRIPE_PAYMENT_METHODS is empty, so nobody could pay. Write card, or remove it.")
    return found


class UnsafeConfiguration(Exception):
    """Souk does not start like this; the message lists why."""


def refuse_unsafe_start() -> None:
    """Called by every server process. A database that is away is no reason: readiness waits for it."""
    _refuse(problems(settings.SOUK, hosts=settings.ALLOWED_HOSTS))  # before asking a database that may not answer
    with ThreadPoolExecutor(1) as apart:  # a server may import us inside its event loop, where Django forbids queries
        _refuse(apart.submit(_careless_if_there).result())


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise UnsafeConfiguration("Souk does not start:\n" + "\n".join(f"- {text}" for text in found))


def _careless_if_there() -> list[str]:
    try:
        return careless()
    except OperationalError:
        return []
    finally:
        connections.close_all()


DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@register(Tags.security)
def configuration_is_safe(app_configs: object, **options: Any) -> list[CheckMessage]:
    return [Error(text, id="souk.E001") for text in problems(settings.SOUK, hosts=settings.ALLOWED_HOSTS)]


@register(Tags.database)
def database_keeps_what_it_confirms(app_configs: object, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    return [Error(text, id="souk.E002") for alias in databases or () for text in careless(alias)]


def careless(alias: str = "default") -> list[str]:
    """The durability settings that this database has turned off."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(DURABLE)])
        return [f"PostgreSQL runs with {name} = off, so a crash would lose confirmed payments. Turn it on." for (name,) in cursor.fetchall()]
