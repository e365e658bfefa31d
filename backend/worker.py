"""The background worker: runs jobs, takes over what a killed worker left behind, and finishes its work before it ends."""

import asyncio
import contextlib
import signal
from typing import Any

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from core import jobs
from core.database.watch import watch

log = structlog.get_logger(__name__)
SWEEP_SECONDS = 5.0
PAUSE_SECONDS = 2.0  # between an accident and the next try
STOPS = (signal.SIGINT, signal.SIGTERM)
SILENCE_SECONDS = 20.0  # a worker that has not been heard of for so long is dead; it speaks every five seconds


async def run() -> None:
    """Work until SIGINT or SIGTERM; when the database goes away, wait for it.

    The queue's worker ends in peace when one of its side tasks fails, so that only a signal of our own tells an end from an accident.
    """
    told = _told_to_stop()
    while not told.is_set():
        try:
            await _work(told)
        except (ConnectorException, psycopg.Error, OSError) as problem:
            log.warning("worker_waits_for_database", problem=str(problem.__cause__ or problem))
        await sync_to_async(connections.close_all)()  # the queue's clock asks over Django's, and would keep a dead one for ever
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), PAUSE_SECONDS)


def _told_to_stop() -> asyncio.Event:
    """Set by the first signal; the second one kills, as usual."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def hear() -> None:
        told.set()
        for number in STOPS:
            loop.remove_signal_handler(number)

    for number in STOPS:
        loop.add_signal_handler(number, hear)
    return told


async def _work(told: asyncio.Event) -> None:
    """One worker from its first job to the signal, or to its accident."""
    worker = app_with_own_connections()
    async with worker.open_async():
        sweeper = asyncio.create_task(_sweep_for_ever(worker))
        working = asyncio.create_task(worker.run_worker_async(install_signal_handlers=False))
        listening = asyncio.create_task(told.wait())
        await asyncio.wait((working, listening), return_when=asyncio.FIRST_COMPLETED)
        for task in (sweeper, listening, working):
            task.cancel()
        ended = await asyncio.gather(sweeper, listening, working, return_exceptions=True)
    accident = ended[-1]
    if isinstance(accident, Exception):
        raise accident


def app_with_own_connections() -> App:
    """The same jobs over the worker's own pool. The original app stays on Django's connections, so that
    what a job defers is committed together with what it writes."""
    connector = PsycopgConnector(kwargs=connector_params(), configure=_watched)
    worker = App(connector=connector, worker_defaults=app.worker_defaults)
    worker.tasks = app.tasks
    worker.periodic_registry = app.periodic_registry
    return worker


async def _watched(connection: psycopg.AsyncConnection[Any]) -> None:
    """The queue asks small questions: a server that is silent for so long is no server any more."""
    watch(connection, seconds=SILENCE_SECONDS)


async def _sweep_for_ever(worker: App) -> None:
    while True:
        with contextlib.suppress(ConnectorException):  # gone or contended: the next round sees
            await sweep(worker)
        await asyncio.sleep(SWEEP_SECONDS)


async def sweep(worker: App) -> int:
    """Give jobs of dead workers to the living; a job that has killed its worker too often is set aside as failed."""
    manager = worker.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_SECONDS))
    for job in stalled:
        log.warning("stalled_job", job=job.task_name, job_id=job.id, attempts=job.attempts + 1)
        with contextlib.suppress(ConnectorException):  # another worker's sweep was faster
            if job.attempts + 1 >= jobs.ATTEMPTS:
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)
    return len(stalled)
