from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit, clock, jobs
from core.actors import SYSTEM, Actor
from core.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True)
ran: list[str] = []


@jobs.job()
def note_down(word: str) -> None:
    ran.append(word)
    if word == "explode":
        raise RuntimeError(word)


def test_clock_travels_for_every_reader() -> None:
    before = clock.now()
    clock.travel(timedelta(days=3))
    assert timedelta(days=3) <= clock.now() - before < timedelta(days=3, minutes=1)
    assert clock.now().utcoffset() == timedelta(0)


def test_a_frozen_clock_moves_only_by_travel() -> None:
    clock.freeze(datetime(2026, 1, 5, 9, tzinfo=UTC))
    clock.travel(timedelta(minutes=5))
    assert clock.now() == clock.now() == datetime(2026, 1, 5, 9, 5, tzinfo=UTC)


def test_audit_events_cannot_be_changed() -> None:
    event = audit.record(kind="thing", reference="T1", name="made", actor=Actor("user", "U1"), at=clock.now(), after={"a": 1})
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(reason="rewritten")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_auditevent")
    assert [e.name for e in audit.events_for("thing", "T1")] == ["made"]
    assert str(SYSTEM) == "system"


def test_run_due_runs_what_is_due_once() -> None:
    ran.clear()
    jobs.defer(note_down, word="now")
    jobs.defer(note_down, word="later", at=clock.now() + timedelta(hours=1))
    assert jobs.run_due() == 1
    assert ran == ["now"]
    clock.travel(timedelta(hours=2))
    assert jobs.run_due() == 1
    assert ran == ["now", "later"]


def test_defer_vanishes_with_its_transaction() -> None:
    ran.clear()
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.defer(note_down, word="ghost")
        raise RuntimeError
    assert jobs.run_due() == 0


def test_defer_with_a_key_keeps_one_waiting_row_and_the_transaction() -> None:
    ran.clear()
    with transaction.atomic():
        assert jobs.defer(note_down, word="one", key="only")
        assert not jobs.defer(note_down, word="two", key="only")
        assert jobs.defer(note_down, word="three")
    jobs.run_due()
    assert ran == ["one", "three"]


def test_a_poison_job_is_set_aside_after_five_tries() -> None:
    ran.clear()
    jobs.defer(note_down, word="explode")
    for _ in range(10):
        jobs.run_due()
        clock.travel(timedelta(hours=1))
    assert ran == ["explode"] * 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("failed",)
