"""The desk's API opens to staff in the right group; a group alone is not enough."""

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from tests.factories.people import make_user


@pytest.mark.django_db
@pytest.mark.parametrize(("staff", "group", "status"), [(True, "arbitrators", 200), (False, "arbitrators", 403), (True, "finance", 403)])
def test_issues_are_for_staff_arbiters(staff: bool, group: str, status: int) -> None:
    user = make_user(is_staff=staff)
    user.groups.set(Group.objects.filter(name=group))
    client = APIClient()
    client.force_authenticate(user)
    assert client.get("/api/v1/desk/issues/").status_code == status
