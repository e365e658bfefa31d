"""Write a letter inside the business transaction; send it outside of any."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from accounts.letters.models import Letter
from core import jobs, rows

KEPT = timedelta(days=400)  # longer than any reminder could come again under the same key


@transaction.atomic(savepoint=False)
def write(*, to: str, subject: str, text: str, at: datetime, html: str = "", key: str | None = None) -> Letter | None:
    """Put a letter on the way; None when a letter with this key was written before."""
    letter = Letter(key=key, to=to, subject=" ".join(subject.split())[:250], text=text, html=html, created_at=at)
    if not rows.insert_once(letter):
        return None
    jobs.defer("accounts.letters.jobs.send_letter", reference=letter.reference)
    return letter


def send(*, reference: str, at: datetime) -> bool:
    """Hand one letter to the mail server and forget its text; False when it had left already."""
    letter = Letter.objects.filter(reference=reference, sent_at=None).first()
    if letter is None:
        return False
    mail = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[letter.to])
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    mail.send()
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, text="", html="")
    return True


def forget_old(*, at: datetime) -> int:
    """Drop the traces of letters that left long ago; returns how many."""
    return Letter.objects.filter(sent_at__lt=at - KEPT).delete()[0]
