"""From what was measured to what is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

TARGETS_MS = {"api_list": 5.0, "listing_page": 8.0, "search_page": 12.0, "checkout": 45.0, "release": 10.0}
TARGETS_PER_SECOND = {"releases": 1000.0, "postings": 2000.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of visit: CPU of servers and database per visit, how long the visitor waited, and how many bare views that is worth."""

    cpu_ms: float
    server_ms: float
    database_ms: float
    p50_ms: float
    p95_ms: float
    ratio: float
    visits: int


@dataclass(frozen=True, slots=True)
class Rate:
    per_s: float
    count: int


def figure(*, waited: Sequence[float], server_seconds: float, database_seconds: float, floor_ms: float) -> Figure:
    count = len(waited)
    server, database = 1000 * server_seconds / count, 1000 * database_seconds / count
    ordered = sorted(waited)
    cpu = server + database
    return Figure(
        cpu_ms=round(cpu, 2),
        server_ms=round(server, 2),
        database_ms=round(database, 2),
        p50_ms=round(1000 * share(ordered, 0.50), 1),
        p95_ms=round(1000 * share(ordered, 0.95), 1),
        ratio=round(cpu / (floor_ms or cpu or 1.0), 2),
        visits=count,
    )


def share(ordered: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def as_json(told: Mapping[str, Figure | Rate], about: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: asdict(one) for name, one in told.items()}, "about": dict(about)}


def as_table(told: Mapping[str, Figure | Rate], about: Mapping[str, Any]) -> str:
    lines = [f"{'':14}{'CPU ms':>9}{'(server':>9}{'+ base)':>9}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}{'target':>9}"]
    for name, one in told.items():
        if isinstance(one, Figure):
            sums = f"{one.cpu_ms:9.2f}{one.server_ms:9.2f}{one.database_ms:9.2f}{one.p50_ms:9.1f}{one.p95_ms:9.1f}{one.ratio:8.1f}"
            lines.append(f"{name:14}{sums}{_wanted(TARGETS_MS.get(name), '≤')}")
        else:
            lines.append(f"{name:14}{one.per_s:9,.0f} a second{_wanted(TARGETS_PER_SECOND.get(name), '≥')}")
    return "\n".join([*lines, ", ".join(f"{name} {value}" for name, value in about.items())])


def _wanted(target: float | None, sign: str) -> str:
    return f"  {sign} {target:g}" if target else ""
