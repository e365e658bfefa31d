"""Background jobs: rows in PostgreSQL, committed together with the business change that asks for them.

Every job takes ids, calls one operation and may run twice. procrastinate is the engine; nothing else in the house names it.
A room's `jobs.py` declares:

    @job(queue="money")
    def release_hold(reference: str) -> None: ...

and its operations call `defer("escrow.holds.jobs.release_hold", reference=hold.reference, at=due)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

import structlog
from django.db import connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from core import clock
from core.sql import execute

Job = Task[..., Any, ...]
log = structlog.get_logger(__name__)
ATTEMPTS = 5
ASKED_BY = "asked_by"  # the argument in which a job carries the id of the request


def job(*, queue: str = "default", attempts: int = ATTEMPTS) -> Callable[[Callable[..., Any]], Job]:
    """Declare a job. It is tried `attempts` times, 3, 9, 27 … seconds apart, and then set aside as failed for the desk."""

    def declare(function: Callable[..., Any]) -> Job:
        retry = RetryStrategy(max_attempts=attempts - 1, exponential_wait=3)
        name = f"{function.__module__}.{function.__name__}"
        return app.task(name=name, queue=queue, retry=retry)(_remembering(function, name))

    return declare


def _remembering(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The job speaks in the logs and the audit trail under the id of the request that asked for it."""

    @wraps(function)
    def run(*positional: Any, **arguments: Any) -> Any:
        known = {"request_id": asked} if (asked := arguments.pop(ASKED_BY, "")) else {}
        with structlog.contextvars.bound_contextvars(job=name, **known):
            return function(*positional, **arguments)

    return run


def defer(task: Job | str, *, at: datetime | None = None, key: str | None = None, lock: str | None = None, **arguments: Any) -> bool:
    """Add a row for `task` to this transaction. An operation names its job ("escrow.holds.jobs.release_hold"), because jobs
    import operations and never the other way round.

    `at`: not before; `key`: at most one waiting row with this key (False is returned when there is one);
    `lock`: rows with this lock run one after the other.
    """
    return defer_many(task, [arguments], at=at, key=key, lock=lock) == 1


def defer_many(
    task: Job | str, each: Sequence[dict[str, Any]], *, at: datetime | None = None, key: str | None = None, lock: str | None = None
) -> int:
    """The same for several, in one statement; returns how many rows were added.

    The engine's own way costs four times the processor time, and its refusal of a key needs a savepoint.
    """
    found = app.tasks[task] if isinstance(task, str) else task
    asked = structlog.contextvars.get_contextvars().get("request_id")
    known = {ASKED_BY: str(asked)[:64]} if asked else {}
    values = [[found.queue, found.name, found.priority, lock, key, json.dumps({**arguments, **known}), at] for arguments in each]
    return execute(ADD.format(rows=", ".join([ROW] * len(values))), [value for row in values for value in row])


ADD = "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at) VALUES {rows} ON CONFLICT DO NOTHING"
ROW = "(%s, %s, %s, %s, %s, %s::jsonb, %s::timestamptz)"


def run_due(*, limit: int = 10_000) -> int:
    """Run waiting jobs here and now, oldest first, until none is due by `core.clock`; returns how many ran.

    For tests and simulations, which have no worker. A job that raises is rescheduled exactly as the worker would.
    """
    done = 0
    while done < limit and _run_one():
        done += 1
    return done


def forget_finished() -> int:
    """Drop jobs that ended well or were called off a week ago, and the clock's marks of periodic jobs; returns how many jobs."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers WHERE to_timestamp(defer_timestamp) < now() - interval '7 days'"
            " AND (job_id IS NULL OR job_id NOT IN (SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')))"
        )
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'cancelled', 'aborted') AND id IN"
            " (SELECT job_id FROM procrastinate_events GROUP BY job_id HAVING max(at) < now() - interval '7 days')"
        )
        return int(cursor.rowcount)


def _run_one() -> bool:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ("
            " SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') <= %s"
            " ORDER BY scheduled_at NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, task_name, args, attempts",
            [clock.now()],
        )
        row = cursor.fetchone()
    if not row:
        return False
    job_id, name, arguments, attempts = row
    try:
        app.tasks[name].func(**(json.loads(arguments) if isinstance(arguments, str) else arguments))
    except Exception as error:
        _settle_failure(job_id, name, attempts, error)
    else:
        _finish(job_id, "succeeded")
    return True


def _finish(job_id: int, status: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s::procrastinate_job_status, %s)", [job_id, status, status == "succeeded"])


def revive_dead() -> int:
    """Give back the jobs whose worker died, as the worker's own sweep does; returns how many. For simulations, which have no worker."""
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1 WHERE status = 'doing'")
        return int(cursor.rowcount)


def _settle_failure(job_id: int, name: str, attempts: int, error: Exception) -> None:
    log.warning("job_failed", job=name, job_id=job_id, attempts=attempts + 1, error=repr(error))
    if attempts + 1 >= ATTEMPTS:
        _finish(job_id, "failed")
        return
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1,"
            " scheduled_at = %s + make_interval(secs => power(3, attempts + 1)) WHERE id = %s",
            [clock.now(), job_id],
        )


def waiting_twins(name: str) -> list[int]:
    """Rows for this job, whatever their arguments, that are committed and not begun: what they were written for is there to be seen from now on."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [name])
        return [row[0] for row in cursor.fetchall()]


def drop(ids: list[int]) -> int:
    """Their work is done already. Answers how many had not begun meanwhile."""
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'todo'", [ids])
        return int(cursor.rowcount)
