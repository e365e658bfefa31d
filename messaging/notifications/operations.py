"""Tell somebody something, once; mark it read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.letters import layout
from accounts.letters import operations as letters
from accounts.users.models import User
from core import rows
from core.errors import NotHere
from messaging.notifications.models import Notification
from messaging.notifications.recipients import Recipient
from messaging.notifications.signals import notification_written

KEPT = timedelta(days=400)  # longer than any reminder could come again under the same key


@transaction.atomic(savepoint=False)
def notify(*, to: Recipient, category: str, key: str, title: str, body: str, url: str, at: datetime) -> Notification | None:
    """Tell one person about one event, in the app and by letter. Told again under the same key, nothing happens.

    `title` and `body` come in the recipient's language; `url` is a path on this site. Guests get the letter alone, and None is returned.
    """
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None) or not url.startswith("/"):
        raise ValueError(f"A notification leads to a path on this site, not to {url!r}.")
    notification = None
    if to.user is not None:
        told = {"category": category, "language": to.language, "title": title[:200], "body": body, "url": url}
        notification = Notification(user=to.user, key=key, created_at=at, **told)
        if not rows.insert_once(notification):
            return Notification.objects.get(user=to.user, key=key)
        notification_written.send(sender=Notification, notification=notification, at=at)
    _write_letter(to, key, title, body, url, at)
    return notification


def forget_old(*, at: datetime) -> int:
    """Drop what was told long ago, read or not; returns how many."""
    return Notification.objects.filter(created_at__lt=at - KEPT).delete()[0]


@transaction.atomic
def mark_read(*, user: User, at: datetime, reference: str | None = None) -> int:
    """Mark one notification of mine read, or all of them; returns how many were unread."""
    mine = Notification.objects.filter(user=user)
    if reference is not None:
        mine = mine.filter(reference=reference)
        if not mine.exists():
            raise NotHere
    return mine.filter(read_at=None).update(read_at=at)


def _write_letter(to: Recipient, key: str, title: str, body: str, url: str, at: datetime) -> None:
    with translation.override(to.language):
        paragraphs = [part for part in body.split("\n\n") if part.strip()]
        text, html = layout.compose(title=title, paragraphs=paragraphs, action=_("See it on Souk"), link=settings.SOUK.url + url)
    whom = to.user.reference if to.user else to.email
    letters.write(to=to.email, subject=title, text=text, html=html, key=f"{whom}:{key}"[:400], at=at)
