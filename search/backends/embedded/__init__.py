"""The engine inside the process: tantivy, one writer, many readers, files under SOUK_DATA/search.

Owns: its index files. Never does: read the database. Announces: nothing; it raises EngineUnavailable when it cannot answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy

from search.backends.base import EngineUnavailable, Found
from search.backends.embedded.compiler import counting_passes, counts_from, question
from search.backends.embedded.schema import schema, stored
from search.backends.embedded.store import Store
from search.documents import ListingDocument
from search.planner import Plan
from search.query import Sort

OVERFETCH = 20
TIES_LIMIT = 20_000
BATCH = 1000
_ORDERS = {
    Sort.NEWEST: ("newness", tantivy.Order.Desc),
    Sort.CHEAPEST: ("cheapness", tantivy.Order.Asc),
    Sort.DEAREST: ("cheapness", tantivy.Order.Desc),
}


class EmbeddedBackend:
    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._guard = Lock()

    def find(self, plan: Plan, *, facets: bool = True) -> Found:
        with self._searching() as searcher:
            asked = question(plan, plan.filters)
            hits, total = self._hits(searcher, asked, plan)
            buckets: dict[str, Any] = {}
            for left_out, wanted in counting_passes(plan) if facets else ():
                if wanted:
                    narrowed = question(plan, plan.apart_from(*left_out)) if left_out else asked
                    buckets |= searcher.aggregate(narrowed, wanted)
            counts, prices = counts_from(buckets) if facets else ({}, {})
            references = tuple(str(searcher.doc(address).get_first("reference")) for address in hits)
        return Found(references, total, counts, prices)

    def count(self, plan: Plan) -> int:
        with self._searching() as searcher:
            return int(searcher.search(question(plan, plan.filters), limit=1).count)  # type: ignore[attr-defined]

    def apply(self, *, put: Sequence[ListingDocument], remove: Sequence[int]) -> None:
        with self._writing(), self._store.alone(), self._store.writer(self._store.present()) as writer:
            for key in {*remove, *(document.key for document in put)}:
                writer.delete_documents_by_query(tantivy.Query.term_query(schema(), "key", key))
            for document in put:
                writer.add_document(stored(document))

    def rebuild(self, documents: Iterable[ListingDocument], *, progress: Callable[[int], None]) -> int:
        done = 0
        with self._writing(), self._store.alone():
            path = self._store.new_generation()
            with self._store.writer(path) as writer:
                for document in documents:
                    writer.add_document(stored(document))
                    done += 1
                    if done % BATCH == 0:
                        progress(done)
            self._store.swap_to(path)
        progress(done)
        return done

    def references(self) -> frozenset[str]:
        with self._searching() as searcher:
            hits = searcher.search(tantivy.Query.all_query(), limit=max(searcher.num_docs, 1)).hits
            return frozenset(str(searcher.doc(address).get_first("reference")) for _, address in hits)

    def generation(self) -> str:
        return self._store.pointed_at()

    def _hits(self, searcher: tantivy.Searcher, asked: tantivy.Query, plan: Plan) -> tuple[list[tantivy.DocAddress], int]:
        depth = plan.offset + plan.limit
        if plan.sort in _ORDERS:
            field, order = _ORDERS[plan.sort]
            result = searcher.search(asked, limit=depth, order_by_field=field, order=order)
            return [address for _, address in result.hits[plan.offset :]], int(result.count)  # type: ignore[attr-defined]
        result = _through_ties(searcher, asked, depth)
        addresses = [address for _, address in result.hits]
        newness = searcher.fast_field_values("newness", addresses) if addresses else []
        ranked = sorted(zip(result.hits, newness, strict=True), key=lambda hit: (-round(hit[0][0], 3), -int(hit[1] or 0)))
        return [address for (_, address), _ in ranked[plan.offset : depth]], int(result.count)  # type: ignore[attr-defined]

    @contextmanager
    def _searching(self) -> Iterator[tantivy.Searcher]:
        with _as_unavailable():
            with self._guard:
                searcher = self._store.searcher()
            yield searcher

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _as_unavailable():
            yield


def _through_ties(searcher: tantivy.Searcher, asked: tantivy.Query, depth: int) -> tantivy.SearchResult:
    """Hits to `depth` and on to the end of the tie there: equal scores are put in order as a whole, or pages would repeat things."""
    limit = depth + OVERFETCH
    while True:
        result = searcher.search(asked, limit=limit)
        hits = result.hits
        if len(hits) < limit or limit >= TIES_LIMIT or round(hits[-1][0], 3) < round(hits[depth - 1][0], 3):
            return result
        limit *= 4


@contextmanager
def _as_unavailable() -> Iterator[None]:
    """Whatever breaks inside the engine is one fact outside. A Rust panic is a BaseException, which `except Exception` lets through."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineUnavailable(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EngineUnavailable(str(error)) from error
