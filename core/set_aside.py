"""Jobs that failed five times and wait for a person: what they are, and trying one again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.errors import Kind, NotHere, Refusal
from core.jobs import ASKED_BY

FAILED = """
    SELECT job.id, job.task_name, job.queue_name, job.args, job.attempts,
        (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'failed') AS failed_at
    FROM procrastinate_jobs job WHERE job.status = 'failed'
"""


class TwinWaits(Refusal):
    """The same job waits already, and does the same work."""

    code = "job_waits_already"
    kind = Kind.CONFLICT
    sentence = _("The same job is waiting already. This one is not needed any more once that has run.")


@dataclass(frozen=True, slots=True)
class SetAside:
    """One such job. `asked_by` is the id of the request that wanted it, to look for in the logs."""

    id: int
    name: str
    queue: str
    arguments: dict[str, Any]
    asked_by: str
    attempts: int
    failed_at: datetime | None


def waiting(*, most: int = 200) -> list[SetAside]:
    """Those that failed last stand first."""
    with connection.cursor() as cursor:
        cursor.execute(f"{FAILED} ORDER BY failed_at DESC NULLS LAST, job.id DESC LIMIT %s", [most])
        return [_job(row) for row in cursor.fetchall()]


# How many there are, to be read with other numbers.
HOW_MANY = RawSQL("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'", [], output_field=IntegerField())


def replay(*, job_id: int, actor: Actor, at: datetime) -> SetAside:
    """Give the job to a worker again, with five new tries. Jobs may run twice, so this can never do harm."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{FAILED} AND job.id = %s FOR UPDATE OF job", [job_id])
            row = cursor.fetchone()
            if row is None:
                raise NotHere
            job = _job(row)
            cursor.execute("UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL WHERE id = %s", [job_id])
            audit.record(kind="job", reference=str(job_id), name="replay", actor=actor, at=at, before={"job": job.name, "attempts": job.attempts})
    except IntegrityError as twin:
        raise TwinWaits from twin
    return job


def _job(row: tuple[Any, ...]) -> SetAside:
    job_id, name, queue, arguments, attempts, failed_at = row
    values = dict(json.loads(arguments) if isinstance(arguments, str) else arguments)
    asked_by = str(values.pop(ASKED_BY, ""))
    return SetAside(job_id, name.removeprefix("recurring:"), queue, values, asked_by, attempts, failed_at)
