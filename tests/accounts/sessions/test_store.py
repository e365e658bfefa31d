"""The person comes with the session in one question, and only where the session itself vouches for them."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def signed_in(**facts: object) -> tuple[Client, object]:
    client, user = Client(), make_user(**facts)
    client.force_login(user)
    client.get(ME)  # the session is in the list of sessions now
    return client, user


def test_session_and_person_are_one_question() -> None:
    client, _user = signed_in()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(ME).status_code == 200
    assert len(asked) == 1


def test_a_session_that_is_not_listed_still_knows_its_person() -> None:
    client, _user = signed_in()
    UserSession.objects.all().delete()
    assert client.get(ME).status_code == 200


def test_the_list_of_sessions_signs_nobody_in() -> None:
    client, user = signed_in(email="me@example.com")
    UserSession.objects.update(user=make_user(email="other@example.com"))
    assert client.get(ME).json()["reference"] == user.reference  # type: ignore[attr-defined]


def test_a_changed_password_ends_the_session() -> None:
    client, user = signed_in()
    user.set_password("another-long-one-2026")  # type: ignore[attr-defined]
    user.save()  # type: ignore[attr-defined]
    assert client.get(ME).status_code == 401


def test_a_closed_person_is_nobody() -> None:
    client, user = signed_in()
    user.is_active = False  # type: ignore[attr-defined]
    user.save()  # type: ignore[attr-defined]
    assert client.get(ME).status_code == 401


def test_a_desk_given_or_taken_counts_at_once() -> None:
    client, user = signed_in()
    user.is_staff = True  # type: ignore[attr-defined]
    user.save()  # type: ignore[attr-defined]
    desk, _new = Group.objects.get_or_create(name="finance")
    assert client.get("/desk/ledger/").status_code == 404
    user.groups.add(desk)  # type: ignore[attr-defined]
    assert client.get("/desk/ledger/").status_code == 200
    user.groups.remove(desk)  # type: ignore[attr-defined]
    assert client.get("/desk/ledger/").status_code == 404
