"""The people of the demo can do what the list of sign-ins says of them."""

import pytest

from accounts.users.queries import staff_groups_of
from backend.demo import settle
from backend.demo.people import PEOPLE
from core import clock


@pytest.mark.django_db
def test_staff_sit_at_their_desks_and_nobody_else_does() -> None:
    accounts = settle.people(at=clock.now())
    for person in PEOPLE:
        seats = staff_groups_of(accounts[person.handle].user)
        assert set(person.groups) <= seats, person.handle
        assert bool(person.groups) == bool(seats), person.handle
