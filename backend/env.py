"""The one reading of the process environment: typed, checked, and explained when it is wrong.

Every outside endpoint is a variable here (see docs/operations.md); no other module reads os.environ for configuration.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import Env, EnvError

from core import crashes

Process = Literal["web", "worker", "command"]

ROOT = Path(__file__).resolve().parent.parent
INSECURE_KEY = "insecure-development-key-never-use-it-where-money-is-real"


class EnvironmentInvalid(Exception):
    """A variable has a value that cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    debug: bool
    testing: bool
    process: Process
    secret_key: str
    data: Path
    url: str
    allowed_hosts: tuple[str, ...]
    database_url: str
    redis_url: str
    elasticsearch_url: str
    static_root: Path | None
    email_url: str
    mail_from: str
    payment_provider: str
    chargeback_bearer: str
    commission_tax_bp: int
    ruling_limit: str
    operator: tuple[str, ...]
    paper_font: str
    sandbox_carrier_seconds: int
    allow_sandbox: bool
    sandbox_url: str
    sandbox_webhook_secret: str
    commission_rate_bp: int
    stripe_api_base: str
    stripe_secret_key: str
    stripe_webhook_secrets: tuple[str, ...]
    stripe_country: str
    stripe_payment_methods: tuple[str, ...]
    cors_origins: tuple[str, ...]
    log_level: str
    log_json: bool
    pool_size: int
    proxy_count: int
    crash_point: str
    metrics_token: str

    @property
    def embedded_database(self) -> bool:
        return not self.database_url

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def read() -> Environment:
    try:
        return _read(Env())
    except (EnvError, ValueError) as problem:
        raise EnvironmentInvalid(f"{problem} Correct the variable and start again; docs/operations.md lists them all.") from problem


def _read(env: Env) -> Environment:
    debug = env.bool("SOUK_DEBUG", True)
    testing = env.bool("SOUK_TESTING", "pytest" in sys.modules)
    url = _origin(env.str("SOUK_URL", "http://127.0.0.1:8000"))
    local = {"127.0.0.1", "localhost", "::1"}
    host = urlsplit(url).hostname or ""
    default_hosts = sorted(local) if debug or host in local else []
    return Environment(
        debug=debug,
        testing=testing,
        process=_process(env.str("SOUK_PROCESS", "command")),
        secret_key=env.str("SOUK_SECRET_KEY", INSECURE_KEY),
        data=Path(env.str("SOUK_DATA", "") or ROOT / ".souk").expanduser().absolute(),
        url=url,
        allowed_hosts=tuple(env.list("SOUK_ALLOWED_HOSTS", default_hosts)),
        database_url=env.str("DATABASE_URL", ""),
        redis_url=env.str("REDIS_URL", ""),
        elasticsearch_url=env.str("ELASTICSEARCH_URL", ""),
        static_root=Path(env.str("SOUK_STATIC_ROOT")).absolute() if env.str("SOUK_STATIC_ROOT", "") else None,
        email_url=env.str("EMAIL_URL", ""),
        mail_from=env.str("SOUK_MAIL_FROM", f"Souk <no-reply@{host or 'localhost'}>"),
        payment_provider=env.str("SOUK_PAYMENT_PROVIDER", "") or env.str("PAYMENT_PROVIDER", "sandbox"),
        chargeback_bearer=_bearer(env.str("SOUK_CHARGEBACK_BEARER", "seller")),
        operator=tuple(line.strip() for line in env.str("SOUK_OPERATOR", "").split("|") if line.strip()) or ("Souk",),
        paper_font=_font(env.str("SOUK_PAPER_FONT", "")),
        ruling_limit=env.str("SOUK_RULING_LIMIT", "500"),
        commission_tax_bp=env.int("SOUK_COMMISSION_TAX_BP", 0),
        sandbox_carrier_seconds=max(1, env.int("SOUK_SANDBOX_CARRIER_SECONDS", 20)),
        allow_sandbox=env.bool("SOUK_ALLOW_SANDBOX", debug),
        sandbox_url=env.str("SOUK_SANDBOX_URL", "").rstrip("/"),
        sandbox_webhook_secret=env.str("SOUK_SANDBOX_WEBHOOK_SECRET", "sandbox-development-secret" if debug else ""),
        commission_rate_bp=env.int("SOUK_COMMISSION_RATE_BP", 800),
        stripe_api_base=env.str("STRIPE_API_BASE", "").rstrip("/"),
        stripe_secret_key=env.str("STRIPE_SECRET_KEY", ""),
        stripe_webhook_secrets=_listed(env.str("STRIPE_WEBHOOK_SECRETS", "") or env.str("STRIPE_WEBHOOK_SECRET", "")),
        stripe_country=env.str("STRIPE_COUNTRY", "").upper(),
        stripe_payment_methods=_listed(env.str("STRIPE_PAYMENT_METHODS", "card")),
        cors_origins=tuple(env.list("SOUK_CORS_ORIGINS", [])),
        log_level=env.str("SOUK_LOG_LEVEL", "INFO").upper(),
        log_json=env.bool("SOUK_LOG_JSON", not debug),
        pool_size=env.int("SOUK_POOL_SIZE", 10),
        proxy_count=env.int("SOUK_PROXY_COUNT", 0),
        metrics_token=env.str("SOUK_METRICS_TOKEN", ""),
        crash_point=_crash_point(env.str("CRASH_POINT", ""), testing=testing),
    )


def _bearer(word: str) -> str:
    if word not in {"seller", "platform"}:
        raise ValueError(f"SOUK_CHARGEBACK_BEARER is {word!r}, but must be seller or platform.")
    return word


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.rstrip("/"):
        raise ValueError(f"SOUK_URL is {url!r}, but must be an address without a path, such as https://souk.example.")
    return url.rstrip("/")


def _font(path: str) -> str:
    if path and not Path(path).is_file():
        raise ValueError(f"SOUK_PAPER_FONT is {path!r}, but there is no such file. Name a TrueType font, or leave it empty.")
    return path


def _process(name: str) -> Process:
    if name in get_args(Process):
        return cast(Process, name)
    raise ValueError(f"SOUK_PROCESS is {name!r}, but must be web, worker or command.")


def _crash_point(text: str, *, testing: bool) -> str:
    if text and not testing:
        raise ValueError("CRASH_POINT kills the process on purpose and is for tests only. Remove it.")
    if text:
        crashes.parse(text)
    return text


def database(environment: Environment) -> dict[str, Any]:
    """The DATABASES entry without its options. Embedded: core.database fills in host and password when it first connects."""
    if environment.embedded_database:
        return {"NAME": "souk", "USER": "souk", "EMBEDDED_IN": environment.data}
    parts = urlsplit(environment.database_url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentInvalid("DATABASE_URL must begin with postgresql://. No other database is supported.")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
    }


def mail(environment: Environment) -> dict[str, Any]:
    """Django's mail settings from EMAIL_URL (smtp://, smtps:// or file:///folder); without it, mails become files."""
    parts = urlsplit(environment.email_url or f"file://{environment.data}/mail")
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise EnvironmentInvalid("EMAIL_URL must look like smtps://user:password@host:465 or file:///folder.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }
