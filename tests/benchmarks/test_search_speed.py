"""Ratios, not seconds: they hold on a slow machine and on a busy one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from search.backends.embedded import EmbeddedBackend
from search.documents import ListingDocument
from search.planner import plan
from search.query import SearchQuery
from tests.benchmarks.figures import tell
from tests.search.reference import counted, matching

WORDS = "red blue sofa camera film lamp velvet guitar watch desk oak brass 沙发 台灯 相机 红色 iphone12 vintage small large".split()  # noqa: SIM905
pytestmark = pytest.mark.slow


def market(size: int) -> list[ListingDocument]:
    draw = random.Random(7)
    return [
        ListingDocument(
            key=key,
            reference=f"REF{key}",
            title=" ".join(draw.sample(WORDS, 4)),
            description=" ".join(draw.choices(WORDS, k=40)),
            details=" ".join(draw.sample(WORDS, 3)),
            categories=(f"root{key % 6}", f"leaf{key % 20}"),
            condition=draw.choice(["new", "good", "fair"]),
            hand_overs=("parcel",),
            shop=f"shop{key % 300}",
            currency="EUR",
            price_minor=draw.randint(100, 500_000),
            published_seconds=key,
            attributes=(("brand", f"b{key % 40}"),),
        )
        for key in range(1, size + 1)
    ]


def fastest(work: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.fixture(scope="module")
def shelves() -> list[ListingDocument]:
    return market(10_000)


@pytest.fixture(scope="module")
def engine(shelves: list[ListingDocument], tmp_path_factory: pytest.TempPathFactory) -> EmbeddedBackend:
    backend = EmbeddedBackend(Path(tmp_path_factory.mktemp("search")))
    backend.rebuild(shelves, progress=lambda _done: None)
    return backend


def test_a_faceted_page_is_far_faster_than_looking_at_everything(engine: EmbeddedBackend, shelves: list[ListingDocument]) -> None:
    made = plan(SearchQuery(words="red lamp", conditions=("new", "good"), currency="EUR", price_from=10_000))
    few = shelves[:500]
    slow = fastest(lambda: (matching(few, made, made.filters), counted(few, made)), times=1) * len(shelves) / len(few)
    tell("looking at everything against a faceted page", slow / fastest(lambda: engine.find(made)), at_least=100)


def test_facets_cost_less_than_ten_plain_pages(engine: EmbeddedBackend) -> None:
    made = plan(SearchQuery(words="red lamp", conditions=("new",), hand_overs=("parcel",)))
    plain = fastest(lambda: engine.find(made, facets=False), times=20)
    tell("a plain page against one with facets", plain / fastest(lambda: engine.find(made), times=20), at_least=0.1)


def test_one_change_costs_a_small_part_of_a_rebuild(engine: EmbeddedBackend, shelves: list[ListingDocument], tmp_path: Path) -> None:
    whole = fastest(lambda: EmbeddedBackend(tmp_path / "other").rebuild(shelves, progress=lambda _done: None), times=1)
    tell("a rebuild against one change", whole / fastest(lambda: engine.apply(put=shelves[:1], remove=[]), times=3), at_least=10)
