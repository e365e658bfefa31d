"""The bar over the desk leads nowhere that its reader may not go."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", ["arbitrators", "moderators", "finance", "admins"])
def test_every_tab_opens(group: str) -> None:
    person = make_user(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)
    page = client.get("/desk/orders/").content.decode()
    tabs = re.findall(r'<li><a href="(/desk/[a-z]+/)"', page)
    assert "/desk/orders/" in tabs
    assert ("/desk/issues/" in tabs) == (group in {"arbitrators", "admins"})
    assert {client.get(tab).status_code for tab in tabs} == {200}
    assert client.get("/desk/", follow=True).status_code == 200
