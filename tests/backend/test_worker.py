"""The worker against the real queue."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from procrastinate.contrib.django import app
from psycopg_pool import PoolTimeout

from backend import worker
from core import jobs

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "tests.worker.write_down"


@pytest.fixture
def written() -> Iterator[list[int]]:
    seen: list[int] = []

    def write_down(number: int) -> None:
        seen.append(number)
        if number < 0:
            raise ValueError("poison")

    app.task(name=NAME)(write_down)
    yield seen
    del app.tasks[NAME]


def work_off() -> None:
    async def run() -> None:
        own = worker.app_with_own_connections()
        async with own.open_async():
            await own.run_worker_async(wait=False, install_signal_handlers=False, queues=["default"])

    asyncio.run(run())


def sweep() -> int:
    async def run() -> int:
        own = worker.app_with_own_connections()
        async with own.open_async():
            return await worker.sweep(own)

    return asyncio.run(run())


def query(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def running_job(*, silent_for: str, attempts: int) -> None:
    """A job that a worker had begun when it was last heard of."""
    jobs.defer(NAME, number=1)
    worker_id = query("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", silent_for)[0][0]
    query("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", worker_id, attempts)


def states() -> list[tuple[object, ...]]:
    return query("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")


def test_worker_runs_what_was_committed_and_nothing_else(written: list[int]) -> None:
    with transaction.atomic():
        jobs.defer(NAME, number=1)
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.defer(NAME, number=2)
        raise RuntimeError
    work_off()
    assert written == [1]


def test_job_of_a_dead_worker_is_given_to_the_living(written: list[int]) -> None:
    running_job(silent_for="2 minutes", attempts=0)
    assert sweep() == 1
    assert states() == [("todo", 1)]
    work_off()
    assert written == [1]


def test_job_of_a_living_worker_is_left_alone(written: list[int]) -> None:
    running_job(silent_for="1 second", attempts=0)
    assert sweep() == 0
    assert states() == [("doing", 0)]


def test_job_that_kills_its_workers_is_set_aside(written: list[int]) -> None:
    running_job(silent_for="2 minutes", attempts=jobs.ATTEMPTS - 1)
    sweep()
    assert [state for state, _ in states()] == ["failed"]


def test_adding_a_job_notifies_nobody() -> None:
    """NOTIFY would serialise the commits of the whole market."""
    enabled = query("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'procrastinate_jobs_notify%%' AND tgenabled <> 'D'")
    assert enabled == []


def test_an_accident_beside_the_jobs_does_not_end_the_worker(written: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue's own worker stops in peace when its heartbeat fails; ours begins anew, and ends only when it is told to."""
    monkeypatch.setitem(app.worker_defaults, "update_heartbeat_interval", 0.1)
    ends: list[float] = []

    def have_an_accident() -> None:
        time.sleep(0.5)
        query("ALTER FUNCTION procrastinate_update_heartbeat_v1(bigint) RENAME TO lost")
        time.sleep(1.0)
        query("ALTER FUNCTION lost(bigint) RENAME TO procrastinate_update_heartbeat_v1")
        jobs.defer(NAME, number=7)
        deadline = time.monotonic() + 20
        while written != [7] and time.monotonic() < deadline:
            time.sleep(0.05)
        connection.close()
        ends.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    accident = threading.Thread(target=have_an_accident)
    accident.start()
    asyncio.run(worker.run())
    ended = time.monotonic()
    accident.join()
    assert written == [7]
    assert ends
    assert ended - ends[0] < 10


def test_a_dead_connection_of_the_clock_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the queue asks over Django's connection, in a thread where nobody looks whether that still lives."""
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.1)
    query("DELETE FROM procrastinate_periodic_defers")

    def cut() -> None:
        connection.ensure_connection()
        connection.connection.close()

    async def live() -> None:
        await sync_to_async(cut)()
        await worker.run()

    def watch() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not query("SELECT 1 FROM procrastinate_periodic_defers LIMIT 1"):
            time.sleep(0.2)
        connection.close()
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=watch)
    watcher.start()
    asyncio.run(live())
    watcher.join()
    assert query("SELECT 1 FROM procrastinate_periodic_defers LIMIT 1") == [(1,)]


def test_a_database_that_does_not_answer_at_the_beginning_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.1)
    tries: list[int] = []

    async def in_vain(told: asyncio.Event) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise PoolTimeout("pool initialization incomplete after 30.0 sec")
        told.set()

    monkeypatch.setattr(worker, "_work", in_vain)
    asyncio.run(worker.run())
    assert len(tries) == 2
