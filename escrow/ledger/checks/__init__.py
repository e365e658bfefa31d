"""What must always hold, as functions that name the rows which break it. Rooms above register their own here."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
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


def register(number: int, name: str, sentence: str, *, warning: bool = False, outside: bool = False, long: bool = False) -> Callable[[Check], Check]:
    """Add a check. `number` is the invariant's number in docs/architecture.md; a warning does not fail the run.

    One that asks somebody `outside` runs after the others, in no transaction: nobody waits for a network inside one. A `long` one may run beside
    the others.
    """

    def add(check: Check) -> Check:
        _registered[name] = Registered(number, name, sentence, check, warning, outside, long)
        return check

    return add


def run(*, beside: bool = False) -> list[Finding]:
    """Every check over one snapshot of the database, in the order of their numbers; then those that ask outside.

    `beside`: the long ones at the same time on a connection of their own, which sees the same snapshot. Only outside transactions.
    """
    ordered = sorted(_registered.values(), key=lambda one: (one.number, one.name))
    inside = [one for one in ordered if not one.outside]
    with transaction.atomic():
        if not connection.savepoint_ids:
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(_elsewhere, _snapshot(), [one for one in inside if one.long]) if beside else None
            found = _findings([one for one in inside if not (waiting and one.long)])
            found += waiting.result() if waiting else []
    found += [_finding(one) for one in ordered if one.outside]
    return sorted(found, key=lambda one: (one.number, one.name))


def _snapshot() -> str:
    (row,) = rows("SELECT pg_export_snapshot() AS name")
    return str(row["name"])


def _elsewhere(snapshot: str, checks: Sequence[Registered]) -> list[Finding]:
    try:
        with transaction.atomic():
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _say(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            return _findings(checks)
    finally:
        connection.close()


def _findings(checks: Sequence[Registered]) -> list[Finding]:
    # Each check looks at whole tables. Where the planner guesses that a sum over one has a single row, it would read that sum once for each row
    # of another table: minutes for what takes a second.
    _say("SET LOCAL enable_nestloop = off")
    return [_finding(one) for one in checks]


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
