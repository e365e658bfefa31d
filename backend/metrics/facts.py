"""What the database says at this moment: queues, outboxes, held money, the last proof of the book, connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from prometheus_client.core import GaugeMetricFamily, Metric

from core import clock

# name → sentence, labels, statement; %(at)s is the market's clock. The last column is the value, those before it the labels.
FACTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "souk_jobs": (
        "Background jobs, by queue and status (failed ones wait on the desk).",
        ("queue", "status"),
        "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2",
    ),
    "souk_job_lag_seconds": (
        "Age of the oldest job that is due and not begun, by queue.",
        ("queue",),
        """SELECT queue_name, greatest(0, extract(epoch FROM %(at)s - min(greatest(coalesce(job.scheduled_at, deferred.at), deferred.at))))
           FROM procrastinate_jobs job CROSS JOIN LATERAL (
               SELECT coalesce(min(event.at), %(at)s) AS at FROM procrastinate_events event WHERE event.job_id = job.id) deferred
           WHERE status = 'todo' AND coalesce(job.scheduled_at, '-infinity') <= %(at)s GROUP BY 1""",
    ),
    "souk_worker_silence_seconds": (
        "Since any worker was last heard of; they speak every five seconds.",
        (),
        "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers",
    ),
    "souk_search_outbox": ("Listings that the search index has not seen yet.", (), "SELECT count(DISTINCT listing_id) FROM search_outboxentry"),
    "souk_provider_messages_waiting": (
        "Messages of payment providers whose object nobody knows yet.",
        ("provider",),
        "SELECT provider, count(*) FROM escrow_webhookevent WHERE state = 'waiting' GROUP BY 1",
    ),
    "souk_holds": ("Holds, by state.", ("state",), "SELECT state, count(*) FROM escrow_hold GROUP BY 1"),
    "souk_holds_overdue": (
        "Holds whose deadline passed more than five minutes ago and which have not moved.",
        (),
        "SELECT count(*) FROM escrow_hold WHERE due_at < %(at)s - interval '5 minutes'",
    ),
    "souk_held_minor": (
        "Money that waits in holds, in minor units, by currency.",
        ("currency",),
        """SELECT account.currency, -sum(posting.amount_minor) FROM escrow_posting posting JOIN escrow_account account
           ON account.id = posting.account_id WHERE account.code LIKE 'hold:%%' OR account.code LIKE 'hold_frozen:%%' GROUP BY 1""",
    ),
    "souk_suspense_minor": (
        "Provider movements that nobody has explained, in minor units, by currency. Not zero for a day is an alarm.",
        ("currency",),
        """SELECT account.currency, -sum(posting.amount_minor) FROM escrow_posting posting JOIN escrow_account account
           ON account.id = posting.account_id WHERE account.code LIKE 'suspense:%%' GROUP BY 1""",
    ),
    "souk_ledger_check_age_seconds": (
        "Since the book was last proved.",
        (),
        "SELECT extract(epoch FROM %(at)s - max(at)) FROM escrow_ledgerproof",
    ),
    "souk_ledger_violations": (
        "What the last proof of the book found; anything but 0 is an alarm.",
        (),
        "SELECT violations FROM escrow_ledgerproof ORDER BY id DESC LIMIT 1",
    ),
    "souk_database_connections": (
        "Connections to this database, by state.",
        ("state",),
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1",
    ),
}


def collect() -> Iterator[Metric]:
    """For prometheus_client: one family a fact."""
    at = clock.now()
    for name, (sentence, labels, statement) in FACTS.items():
        family = GaugeMetricFamily(name, sentence, labels=labels)
        for *values, figure in _rows(statement, {"at": at}):
            if figure is not None:
                family.add_metric([str(value) for value in values], float(figure))
        yield family
    yield _pool()


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _pool() -> Metric:
    """Of the process that answers. A command or a test has no pool."""
    family = GaugeMetricFamily("souk_pool", "The connection pool of the process that answers.", labels=["stat"])
    pool = connection.pool  # type: ignore[attr-defined]
    for stat, value in (pool.get_stats() if pool else {}).items():
        family.add_metric([stat], float(value))
    return family
