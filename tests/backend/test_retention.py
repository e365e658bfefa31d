"""What is kept only for a while is forgotten, and nothing else is."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from accounts.letters import operations as letters
from accounts.letters.models import Letter
from accounts.sessions import operations as sessions
from core import clock, jobs
from marketplace.cart import operations as carts
from marketplace.cart.models import Cart
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.photos.encoding import encode
from messaging.notifications import operations as notifications
from messaging.notifications.models import Notification
from messaging.notifications.recipients import Recipient
from tests.factories.goods import SELLER, draft, picture, shop
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_letters_and_notifications_go_after_400_days():
    user, now = make_user(), clock.now()
    notifications.notify(to=Recipient.of_user(user), category="order", key="k", title="T", body="B", url="/", at=now)
    letters.write(to="waiting@example.org", subject="S", text="T", at=now)
    Letter.objects.filter(to=user.email).update(sent_at=now)
    for days, left in ((399, (2, 1)), (401, (1, 0))):
        letters.forget_old(at=now + timedelta(days=days))
        notifications.forget_old(at=now + timedelta(days=days))
        assert (Letter.objects.count(), Notification.objects.count()) == left, days
    assert Letter.objects.get().sent_at is None  # a letter that never left is never forgotten


def test_guest_carts_go_and_carts_of_people_stay():
    now = clock.now()
    carts.open_for_guest(at=now)
    mine = carts.open_for(user=make_user(), at=now)
    assert carts.drop_abandoned(at=now + timedelta(days=89)) == 0
    assert carts.drop_abandoned(at=now + timedelta(days=91)) == 1
    assert list(Cart.objects.all()) == [mine]


def test_expired_sessions_go():
    store = SessionStore()
    store.create()
    now = clock.now()
    assert sessions.forget_expired(at=now) == 0
    assert sessions.forget_expired(at=now + timedelta(days=15)) == 1
    assert not Session.objects.exists()


def test_finished_jobs_go_and_failed_ones_stay():
    with connection.cursor() as cursor:
        for name, end in (("old", "cancelled"), ("new", "cancelled"), ("old", "failed")):
            cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', %s, '{}') RETURNING id", [name])
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [end, cursor.fetchone()[0]])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '8 days'"
            " WHERE job_id IN (SELECT id FROM procrastinate_jobs WHERE task_name = 'old')"
        )
        assert jobs.forget_finished() == 1
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("new", "cancelled"), ("old", "failed")]


def test_files_go_only_where_nobody_shows_them(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    listing, now = draft(shop()), clock.now()
    shown = photos.add_encoded(listing=listing, encoded=encode(picture()), actor=SELLER, at=now)
    left = "photos/ab/ab0123456789"
    default_storage.save(f"{left}/320.webp", ContentFile(b"left by a killed upload"))
    assert photos.forget_unclaimed(at=now) == 0  # too young: its row may still come
    assert photos.forget_unclaimed(at=now + timedelta(days=2)) == 1
    assert not default_storage.exists(left)
    assert default_storage.exists(f"{shown.folder}/320.webp")
