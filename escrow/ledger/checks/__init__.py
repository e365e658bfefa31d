"""What must always hold, as functions that name the rows which break it. Rooms above register their own here."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken fact: the row that breaks it, and what is wrong, in words and figures."""

    subject: str
    words: str
    figures: dict[str, Any] = field(default_factory=dict)


Check = Callable[[], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class Registered:
    number: int
    name: str
    sentence: str
    check: Check
    warning: bool
    outside: bool
    long: bool
    of_sums: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    number: int
    name: str
    sentence: str
    warning: bool
    violations: list[Violation]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_registered: dict[str, Registered] = {}
_sums: dict[str, str] = {}
Waiting = SimpleQueue[list[Registered]]
"""Checks that are run one after the other on one connection; whoever is free takes the next."""


def register(
    number: int, name: str, sentence: str, *, warning: bool = False, outside: bool = False, long: bool = False, of_sums: bool = False
) -> Callable[[Check], Check]:
    """Add a check. `number` is the invariant's number in docs/architecture.md; a warning does not fail the run.

    One that asks somebody `outside` runs after the others, in no transaction: nobody waits for a network inside one. The `long` ones begin first
    where two work at once. Those `of_sums` may read what was `summed`.
    """

    def add(check: Check) -> Check:
        _registered[name] = Registered(number, name, sentence, check, warning, outside, long, of_sums)
        return check

    return add


def summed(name: str, query: str) -> None:
    """A table of sums that several checks read, each `of_sums`; made once for all of them. It may read those that were named before it."""
    _sums[name] = f"DROP TABLE IF EXISTS pg_temp.{name}; CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"


# What each account got by each kind of entry.
summed(
    "book_sums",
    """
    SELECT posting.account_id, posting.currency, transfer.event, sum(posting.amount_minor) AS amount_minor, count(*) AS lines
    FROM escrow_posting posting JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id GROUP BY 1, 2, 3
    """,
)


def run(*, beside: bool = False) -> list[Finding]:
    """Every check over one snapshot of the database, in the order of their numbers; then those that ask outside.

    `beside`: on two connections that see the same snapshot, each taking the next check when it is done with one. Only outside transactions.
    """
    ordered = sorted(_registered.values(), key=lambda one: (one.number, one.name))
    inside = [one for one in ordered if not one.outside]
    waiting: Waiting = SimpleQueue()
    waiting.put([one for one in inside if one.of_sums])
    for one in sorted((one for one in inside if not one.of_sums), key=lambda one: not one.long):
        waiting.put([one])
    with transaction.atomic():
        if not connection.savepoint_ids:
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with ThreadPoolExecutor(1) as other:
            others = other.submit(_elsewhere, _snapshot(), waiting) if beside else None
            found = _findings(waiting)
            found += others.result() if others else []
    found += [_finding(one) for one in ordered if one.outside]
    return sorted(found, key=lambda one: (one.number, one.name))


def _snapshot() -> str:
    (row,) = rows("SELECT pg_export_snapshot() AS name")
    return str(row["name"])


def _elsewhere(snapshot: str, waiting: Waiting) -> list[Finding]:
    try:
        with transaction.atomic():
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _say(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            return _findings(waiting)
    finally:
        connection.close()


def _findings(waiting: Waiting) -> list[Finding]:
    # Each check looks at whole tables. Where the planner guesses that a sum over one has a single row, it would read that sum once for each row
    # of another table: minutes for what takes a second. Two of us are as many as work at once: the database's own helpers would only be in the way.
    _say("SET LOCAL enable_nestloop = off")
    _say("SET LOCAL max_parallel_workers_per_gather = 0")
    _say("SET LOCAL work_mem = '64MB'")
    found = []
    with suppress(Empty):
        while True:
            several = waiting.get_nowait()
            if any(one.of_sums for one in several):
                _say(";".join(_sums.values()))
            found += [_finding(one) for one in several]
    return found


def _say(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)


def _finding(one: Registered) -> Finding:
    return Finding(one.number, one.name, one.sentence, one.warning, list(one.check()))


def violations() -> list[str]:
    """Only what is broken, as lines; for tests and simulations."""
    return [
        f"{finding.number} {finding.name}: {violation.subject}: {violation.words} {violation.figures}"
        for finding in run()
        if not finding.warning
        for violation in finding.violations
    ]


def rows(sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or [])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
