"""How Souk logs: structured, one line per event, with the request's id; plain text while developing. No line carries a secret."""

import re
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

HIDDEN = "…"
NAMES = frozenset({"password", "password1", "password2", "token", "secret", "authorization", "cookie", "key", "code_typed", "signature", "api_token"})
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRETS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(\s/[^\s?\"']*)\?[^\s\"']+"), rf"\1?{HIDDEN}"),  # what stands in a query is nobody's business: words, links of guests
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',]+"), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(souk_|sk_live_|sk_test_|whsec_)[A-Za-z0-9_-]+"), rf"\1{HIDDEN}"),
    # session keys, CSRF tokens, links of letters: 32 characters and more with a digit among them; the request's own id is none
    (re.compile(r"(?<!request_id=)(?<!\"request_id\": \")(?<![\w-])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}"), lambda found: _unless_slug(found[0])),
)
SLUG = re.compile(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){3,}")


def _unless_slug(text: str) -> str:
    """The words of a title in an address are no secret: small letters and numbers, in four pieces and more."""
    return text if SLUG.fullmatch(text) and not UUID.fullmatch(text) else HIDDEN


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    lambda _logger, _method, event: _hide_named(event),
]


def logging_config(*, level: str, json: bool) -> dict[str, Any]:
    renderers = [structlog.processors.format_exc_info, _discreet(structlog.processors.JSONRenderer())] if json else [_discreet(_plain_text())]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "souk": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "souk"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "daphne": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "asyncio": {"level": "WARNING"},
        },
    }


def _hide_named(event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in NAMES.intersection(event):
        event[name] = HIDDEN
    return event


def without_secrets(line: str) -> str:
    """The last look at every line, whoever wrote it: also at the words of exceptions and of other people's libraries."""
    for pattern, instead in SECRETS:
        line = pattern.sub(instead, line)
    return line


def _discreet(renderer: Callable[[Any, str, Any], Any]) -> Callable[[Any, str, Any], str]:
    return lambda logger, method, event: without_secrets(str(renderer(logger, method, event)))


def _plain_text() -> structlog.dev.ConsoleRenderer:
    """Tracebacks without the values of variables: those hold secrets, and printing them once ate ten gigabytes."""
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
