"""Write a letter inside the business transaction; send it outside of any."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation

from accounts.letters import layout
from accounts.letters.models import Letter
from core import jobs, rows

KEPT = timedelta(days=400)  # longer than any reminder could come again under the same key


def draft(*, to: str, title: str, body: str, action: str, link: str, language: str, key: str, at: datetime) -> Letter:
    """A letter in the language's words, to be written with others: its layout waits until it leaves, outside of the business transaction."""
    return Letter(key=key, to=to, subject=_one_line(title), text=body, action=action, link=link, language=language, created_at=at)


def write(*, to: str, subject: str, text: str, at: datetime, html: str = "", key: str | None = None) -> Letter | None:
    """Put a letter on the way; None when a letter with this key was written before."""
    letter = Letter(key=key, to=to, subject=_one_line(subject), text=text, html=html, created_at=at)
    return next(iter(write_all([letter])), None)


@transaction.atomic(savepoint=False)
def write_all(letters: Iterable[Letter]) -> list[Letter]:
    """The same for several, in two statements; returns those that were not written before."""
    new = rows.insert_new(letters, known_by="reference")
    if new:
        jobs.defer_many("accounts.letters.jobs.send_letter", [{"reference": letter.reference} for letter in new])
    return new


def _one_line(title: str) -> str:
    return " ".join(title.split())[:250]


def send(*, reference: str, at: datetime) -> bool:
    """Hand one letter to the mail server and forget its text; False when it had left already."""
    letter = Letter.objects.filter(reference=reference, sent_at=None).first()
    if letter is None:
        return False
    text, html = _laid_out(letter) if letter.language else (letter.text, letter.html)
    mail = EmailMultiAlternatives(subject=letter.subject, body=text, to=[letter.to])
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, text="", html="", link="")
    return True


def _laid_out(letter: Letter) -> tuple[str, str]:
    paragraphs = [part for part in letter.text.split("\n\n") if part.strip()]
    with translation.override(letter.language):
        return layout.compose(title=letter.subject, paragraphs=paragraphs, action=letter.action, link=letter.link)


def forget_old(*, at: datetime) -> int:
    """Drop the traces of letters that left long ago; returns how many."""
    return Letter.objects.filter(sent_at__lt=at - KEPT).delete()[0]
