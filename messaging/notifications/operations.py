"""Tell somebody something, once; mark it read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.letters import operations as letters
from accounts.letters.models import Letter
from accounts.users.models import User
from core import rows
from core.errors import NotHere
from messaging.notifications.models import Notification
from messaging.notifications.recipients import Recipient
from messaging.notifications.signals import notification_written

KEPT = timedelta(days=400)  # longer than any reminder could come again under the same key


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one person is told about one event. `title` and `body` come in the recipient's language; `url` is a path on this site."""

    to: Recipient
    key: str
    title: str
    body: str
    url: str


def notify(*, to: Recipient, category: str, key: str, title: str, body: str, url: str, at: datetime) -> Notification | None:
    """Tell one person about one event, in the app and by letter. Told again under the same key, nothing happens.

    Guests get the letter alone, and None is returned.
    """
    (notification,) = notify_all([Telling(to=to, key=key, title=title, body=body, url=url)], category=category, at=at)
    return notification


@transaction.atomic(savepoint=False)
def notify_all(tellings: Sequence[Telling], *, category: str, at: datetime) -> list[Notification | None]:
    """The same for everybody whom an event concerns; their letters go to the post together."""
    told, posted = [], []
    for telling in tellings:
        notification, is_new = _in_the_app(telling, category, at)
        told.append(notification)
        if is_new:
            posted.append(_letter(telling, at))
    letters.write_all(posted)
    return told


def _in_the_app(telling: Telling, category: str, at: datetime) -> tuple[Notification | None, bool]:
    """The person's notification, and whether this is news to them."""
    user, url = telling.to.user, telling.url
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None) or not url.startswith("/"):
        raise ValueError(f"A notification leads to a path on this site, not to {url!r}.")
    if user is None:
        return None, True
    words = {"category": category, "language": telling.to.language, "title": telling.title[:200], "body": telling.body, "url": url}
    notification = Notification(user=user, key=telling.key, created_at=at, **words)
    if not rows.insert_once(notification):
        return Notification.objects.get(user=user, key=telling.key), False
    notification_written.send(sender=Notification, notification=notification, at=at)
    return notification, True


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


def _letter(telling: Telling, at: datetime) -> Letter:
    to = telling.to
    key = f"{to.user.reference if to.user else to.email}:{telling.key}"[:400]
    with translation.override(to.language):
        action = _("See it on Souk")
    link = settings.SOUK.url + telling.url
    return letters.draft(to=to.email, title=telling.title, body=telling.body, action=action, link=link, language=to.language, key=key, at=at)
