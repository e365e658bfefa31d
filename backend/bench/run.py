"""One bench from an empty folder to its figures."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import django
import psutil

from backend.bench import figures
from backend.bench.figures import Figure, Rate
from backend.bench.goods import catalogue
from backend.bench.scales import cpu_seconds
from backend.bench.servers import served
from backend.bench.visitors import VISITORS, Connection, all_at_once

if TYPE_CHECKING:
    from backend.bench.full_book import Proof
    from backend.bench.stage import Shelf

VISITS = {"floor": 1500, "api_list": 800, "api_search": 400, "listing_page": 600, "search_page": 400, "checkout": 160}
# Visits that are made first and not counted, until every connection of every worker keeps its plans, as it does a minute after a start.
WARM = {"floor": 200, "checkout": 160, "release": 160}
WARM_OTHERWISE = 100
POSTINGS, RELEASES = 20_000, 1_500
Told = TypeVar("Told")


def run(chosen: argparse.Namespace, data: Path) -> tuple[dict[str, Figure | Rate], dict[str, Any]]:
    """Fill, serve, visit, and count."""
    begun = time.monotonic()
    django.setup()
    from backend import fresh
    from backend.bench import book, stage
    from core import clock

    fresh.migrate_when_embedded()
    file = chosen.catalogue if chosen.catalogue.is_file() else None
    _say("Filling the shelves …")
    shelf = stage.build(catalogue(file, most=chosen.listings), at=clock.now())
    filled, load = time.monotonic(), os.getloadavg()[0]
    told: dict[str, Figure | Rate] = {**_visits(shelf, data, chosen.scale)}
    _say("releases, postings …")
    told["releases"] = book.releases(max(50, int(RELEASES * chosen.scale)), at=clock.now())
    told["hot_seller"], hot_ratio = book.hot_seller(max(50, int(RELEASES * chosen.scale)), at=clock.now())
    told["postings"] = book.postings(max(100, int(POSTINGS * chosen.scale)), at=clock.now())
    about = {
        "listings": len(shelf.addresses),
        "catalogue": file.name if file else "made up",
        "clients": VISITORS,
        "cores": psutil.cpu_count(),
        "hot_seller_ratio": hot_ratio,  # to as many releases of forty sellers, at least 0.9
        "load_before": round(load, 1),
        "seconds_filling": round(filled - begun),
        "seconds": round(time.monotonic() - begun),
    }
    return told, about


def prove_book(postings: int) -> Proof:
    """A full book and its proof, without a market."""
    django.setup()
    from backend import fresh
    from backend.bench import full_book

    fresh.migrate_when_embedded()
    _say(f"Writing {postings:,} postings, and proving them …")
    return full_book.weigh(postings)


def _visits(shelf: Shelf, data: Path, scale: float) -> dict[str, Figure]:
    """The yardstick on its own server first, then the market as in production."""
    from backend.bench import book, visits
    from core import clock

    counts = {name: max(VISITORS, int(count * scale)) for name, count in VISITS.items()}
    told: dict[str, Figure] = {}
    database = _postmaster(data)
    with served(settings="backend.bench.floor", sign_of_life="/floor", log=data / "floor.log") as (port, process):
        told["floor"], _ = Scales(port, process, database).weigh("floor", visits.floors, counts["floor"])
    with served(settings="backend.settings", sign_of_life="/healthz", log=data / "web.log") as (port, process):
        scales = Scales(port, process, database, floor_ms=told["floor"].cpu_ms)
        reading = {
            "api_list": visits.api_lists,
            "api_search": visits.api_searches,
            "listing_page": visits.listing_pages,
            "search_page": visits.search_pages,
        }
        for name, visit in reading.items():
            told[name], _ = scales.weigh(name, partial(visit, shelf), counts[name])
        told["checkout"], orders = scales.weigh("checkout", partial(visits.checkouts, shelf, first=iter(range(10**6))), counts["checkout"])
        book.send_parcels(orders, shelf.sellers, at=clock.now())
        told["release"], _ = scales.weigh("release", partial(visits.receipts, iter(orders)), counts["checkout"])
    return told


class Scales:
    """Weighs visits to one server: what its processes and the database's used meanwhile."""

    def __init__(self, port: int, server: int, database: int, *, floor_ms: float = 0.0) -> None:
        self._port, self._server, self._database, self._floor_ms = port, server, database, floor_ms

    def weigh(self, name: str, visits: Callable[[int], Sequence[Callable[[Connection], Told]]], count: int) -> tuple[Figure, list[Told]]:
        _say(f"{name} …")
        brought = self._all(visits(min(count, WARM.get(name, WARM_OTHERWISE))))[1]
        server, database = cpu_seconds([self._server]), cpu_seconds([self._database])
        waited, more = self._all(visits(count))
        used = cpu_seconds([self._server]) - server, cpu_seconds([self._database]) - database
        return figures.figure(waited=waited, server_seconds=used[0], database_seconds=used[1], floor_ms=self._floor_ms), [*brought, *more]

    def _all(self, visits: Sequence[Callable[[Connection], Told]]) -> tuple[list[float], list[Told]]:
        return all_at_once(self._port, visits)


def _postmaster(data: Path) -> int:
    from core.postgres.cluster import postmaster
    from core.postgres.places import Places

    process = postmaster(Places(data))
    if process is None:
        raise RuntimeError("The embedded PostgreSQL has gone.")
    return int(process.pid)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
