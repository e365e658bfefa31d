"""One event, one person, once."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.letters.models import Letter
from core import clock, jobs
from core.errors import NotHere
from messaging.notifications import operations as notifications
from messaging.notifications import queries
from messaging.notifications.recipients import Recipient
from messaging.notifications.signals import notification_written
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def tell(to, key="order:1:paid", **more):
    words = {"title": "Paid & held", "body": "First line.\n\nSecond <b>line</b>.", "url": "/orders/ABC/", **more}
    return notifications.notify(to=to, category="order", key=key, at=clock.now(), **words)


def test_notify_tells_in_the_app_and_by_letter():
    user = make_user(language="zh-hans")
    tell(Recipient.of_user(user))
    assert queries.unread_count(user) == 1
    jobs.run_due()
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([user.email], "Paid & held")
    assert "http://127.0.0.1:8000/orders/ABC/" in letter.body
    html = letter.alternatives[0].content
    assert 'lang="zh-hans"' in html
    assert "&lt;b&gt;" in html


def test_notify_the_same_key_again_does_nothing():
    user, heard = make_user(), []

    def hear(sender, notification, **kwargs):
        heard.append(notification)

    notification_written.connect(hear)
    assert tell(Recipient.of_user(user)) == tell(Recipient.of_user(user))
    assert len(heard) == 1
    jobs.run_due()
    assert len(mail.outbox) == 1


def test_notify_a_guest_by_letter_alone_and_once():
    guest = Recipient.of_guest("guest@example.com", "en")
    assert tell(guest) is None
    tell(guest)
    jobs.run_due()
    assert len(mail.outbox) == 1


def test_sent_letters_forget_their_words():
    tell(Recipient.of_guest("guest@example.com", "en"))
    jobs.run_due()
    letter = Letter.objects.get()
    assert (letter.text, letter.html) == ("", "")
    assert letter.sent_at


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "orders/"])
def test_notify_refuses_a_link_off_this_site(url):
    with pytest.raises(ValueError, match="path on this site"):
        tell(Recipient.of_user(make_user()), url=url)


def test_mark_read_is_for_the_owner_only():
    user, stranger = make_user(), make_user()
    told = tell(Recipient.of_user(user))
    with pytest.raises(NotHere):
        notifications.mark_read(user=stranger, reference=told.reference, at=clock.now())
    assert notifications.mark_read(user=stranger, at=clock.now()) == 0
    assert notifications.mark_read(user=user, reference=told.reference, at=clock.now()) == 1
    assert queries.unread_count(user) == 0
