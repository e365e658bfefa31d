"""People and parties."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from accounts.parties import operations as parties
from accounts.parties.models import Party
from accounts.users import operations as users
from accounts.users import queries
from accounts.users.models import STAFF_GROUPS, User
from core import clock
from core.errors import Invalid
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_register_makes_one_party_per_person():
    user = make_user("Amina@Example.com")
    assert (user.email, user.party.kind) == ("amina@example.com", "user")
    with pytest.raises(users.EmailTaken):
        make_user("AMINA@example.com")
    assert Party.objects.count() == 1


def test_shown_name_never_tells_the_address():
    assert "secret.person" not in make_user("secret.person@example.com", name="").shown_name


def test_of_guest_is_one_party_per_address():
    first = parties.of_guest(email=" Guest@Example.com", at=clock.now())
    assert parties.of_guest(email="guest@example.com", at=clock.now()) == first
    with pytest.raises(Invalid):
        parties.of_guest(email="guest", at=clock.now())


def test_platform_is_one():
    assert parties.platform(at=clock.now()) == parties.platform(at=clock.now())
    assert parties.platform(at=clock.now()).key == parties.PLATFORM_KEY


@pytest.mark.parametrize(("field", "value"), [("language", "tlh"), ("time_zone", "Mars/Olympus"), ("name", "x" * 81), ("name", "a\x1bb")])
def test_change_profile_refuses_bad_input(field, value):
    user = make_user()
    with pytest.raises(Invalid) as refused:
        users.change_profile(user=user, actor=queries.actor_of(user), at=clock.now(), **{field: value})
    assert refused.value.field == field


def test_staff_groups_exist_and_mean_nothing_without_is_staff():
    assert set(Group.objects.values_list("name", flat=True)) >= set(STAFF_GROUPS)
    user = make_user()
    user.groups.add(Group.objects.get(name="finance"))
    assert queries.staff_groups_of(user) == frozenset()
    User.objects.update(is_staff=True)
    assert queries.staff_groups_of(User.objects.get()) == {"finance"}
