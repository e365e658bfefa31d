"""Two people at once: the database decides, and an owner remains."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.users.queries import actor_of
from core import clock
from core.errors import Refusal
from tests.factories.people import make_member, make_shop, make_user
from vendors.members import operations as members
from vendors.members.models import Member
from vendors.profiles.models import VendorUserObjectPermission

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Run the verbs in threads that start together; each answers with its result or its refusal."""
    gate, answers = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers.append(verb())
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("_round", range(5))
def test_accept_twice_at_once_makes_one_member(_round):
    owner, user = make_user(), make_user()
    shop = make_shop(owner)
    invitation = members.invite(vendor=shop, email=user.email, role="packer", by=owner, actor=actor_of(owner), at=clock.now())
    token = members.token_of(invitation)
    accept = lambda: members.accept(token=token, user=user, actor=actor_of(user), at=clock.now())  # noqa: E731
    answers = at_once(accept, accept, accept)
    assert sum(isinstance(answer, Member) for answer in answers) == 1
    assert sum(isinstance(answer, members.InvitationOver) for answer in answers) == 2
    assert Member.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_two_owners_who_leave_at_once_leave_one_behind(_round):
    first, second = make_user(), make_user()
    shop = make_shop(first)
    mine, yours = Member.objects.get(vendor=shop), make_member(shop, "owner", second)
    leave = lambda member: lambda: members.remove(vendor=shop, reference=member.reference, actor=actor_of(member.user), at=clock.now())  # noqa: E731
    answers = at_once(leave(mine), leave(yours))
    assert sum(isinstance(answer, members.LastOwner) for answer in answers) == 1
    assert Member.objects.filter(vendor=shop, role="owner").count() == 1
    assert VendorUserObjectPermission.objects.filter(content_object=shop).values("user").distinct().count() == 1
