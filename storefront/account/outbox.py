"""The demo's letter box: every mail that was sent, so that a stranger can confirm an address without a mail server.

Exists only where nothing is real: play money allowed, mails written to files, and an address on this machine over plain HTTP.
Anywhere else the page is not there.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import NotHere

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as its reader sees it."""

    to: str
    subject: str
    sent_at: datetime
    text: SafeString


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    whom = request.GET.get("to", "").strip().lower()[:254]
    mails = [mail for mail in _newest() if whom in mail.to.lower()][:SHOWN]
    return render(request, "account/outbox.html", {"mails": mails, "whom": whom})


def is_open() -> bool:
    """Whether mails stay on this machine and may be shown to whoever tries Souk out."""
    here = settings.SOUK.host in {"127.0.0.1", "localhost", "::1"} and not settings.SOUK.https
    return here and settings.SOUK.allow_sandbox and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def _newest() -> list[Mail]:
    if not is_open():
        raise NotHere
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[: SHOWN * 4]
    return [mail for path in files for mail in reversed(_mails_in(path))]


def _mails_in(path: Path) -> list[Mail]:
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    parts = path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
    return [_read(part, written) for part in parts if part.strip()]


def _read(raw: bytes, written: datetime) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Mail(str(message["To"]), str(message["Subject"]), written, SafeString(urlize(text, nofollow=True, autoescape=True)))
