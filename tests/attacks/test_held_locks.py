"""Somebody holds a row that a plain statement wants: 503 and when to come again, on pages and on the API, never a 500."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from core import clock
from messaging.models import Notification
from messaging.notifications import operations as notifications
from messaging.notifications.recipients import Recipient
from tests.factories import goods

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(notification: Notification) -> Iterator[None]:
    """The row is locked by another connection until the block ends."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Notification.objects.select_for_update().get(pk=notification.pk)
                taken.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
@pytest.mark.parametrize("path", ["/api/v1/notifications/reading/", "/you/notifications/reading/"])
def test_row_that_somebody_holds_is_answered_with_503(path: str, limit: str) -> None:
    user = goods.person()
    told = notifications.notify(to=Recipient.of_user(user), category="order", key="k", title="T", body="B", url="/", at=clock.now())
    assert told is not None
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with connection.cursor() as cursor:
        cursor.execute(f"SET {limit} = '300ms'")
    try:
        with held(told):
            answer = client.post(path, {"all": "1"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"RESET {limit}")
    assert answer.status_code == 503, answer.content[:300]
    assert int(answer["Retry-After"]) >= 1
    told.refresh_from_db()
    assert told.read_at is None
    assert client.post(path, {"all": "1"}).status_code < 400
