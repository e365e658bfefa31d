"""A job that failed five times waits on the desk, and a button gives it to a worker again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from core import clock, jobs, set_aside
from core.models import AuditEvent
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "tests.desk.poison"


@pytest.fixture
def tried() -> Iterator[list[str]]:
    """A job that fails as long as the list is short."""
    seen: list[str] = []

    def poison(reference: str) -> None:
        seen.append(reference)
        if len(seen) <= jobs.ATTEMPTS:
            raise RuntimeError("poison")

    app.task(name=NAME)(jobs._remembering(poison, NAME))
    yield seen
    del app.tasks[NAME]


def desk_of(group: str) -> Client:
    person = make_user(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)
    return client


def fail_for_good() -> int:
    for _attempt in range(jobs.ATTEMPTS):
        jobs.run_due()
        clock.travel(timedelta(hours=1))
    (job,) = set_aside.waiting()
    return job.id


def test_a_poison_job_waits_and_is_tried_again(tried: list[str]) -> None:
    jobs.defer(NAME, reference="ABC", key="poison:ABC")
    job_id = fail_for_good()
    assert tried == ["ABC"] * 5
    desk = desk_of("admins")
    page = desk.get("/desk/jobs/").content.decode()
    assert NAME in page
    assert "reference ABC" in page
    assert '<span class="count">1</span>' in page
    answer = desk.post(f"/desk/jobs/{job_id}/replay/", follow=True)
    assert "A worker tries it again now" in answer.content.decode()
    assert set_aside.waiting() == []
    jobs.run_due()
    assert len(tried) == 6
    assert AuditEvent.objects.get(kind="job", reference=str(job_id)).name == "replay"
    assert "does not wait here any more" in desk.post(f"/desk/jobs/{job_id}/replay/", follow=True).content.decode()


def test_a_twin_that_waits_does_its_work(tried: list[str]) -> None:
    jobs.defer(NAME, reference="ABC", key="poison:ABC")
    job_id = fail_for_good()
    assert jobs.defer(NAME, reference="ABC", key="poison:ABC")
    assert "The same job is waiting already" in desk_of("admins").post(f"/desk/jobs/{job_id}/replay/", follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        assert cursor.fetchone() == ("failed",)


@pytest.mark.parametrize("group", ["arbitrators", "moderators", "finance"])
def test_jobs_are_not_there_for_other_desks(group: str) -> None:
    desk = desk_of(group)
    assert desk.get("/desk/jobs/").status_code == 404
    assert desk.post("/desk/jobs/1/replay/").status_code == 404
