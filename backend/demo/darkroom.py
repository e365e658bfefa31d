"""Photos for the seed, drawn and encoded by every core at once: nothing of Django is needed in the child processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from backend.demo import pictures
from marketplace.catalog.photos import encoding
from marketplace.catalog.photos.encoding import Encoded

Shot = tuple[str, int, int]  # kind, look, view


def develop(shot: Shot) -> Encoded:
    """One photo, ready to be stored."""
    kind, look, view = shot
    return encoding.encode(pictures.photo(kind, look, view=view))


@contextmanager
def developing(shots: Iterable[Shot]) -> Iterator[dict[Shot, Encoded]]:
    """All these photos, each developed once however often it is used."""
    wanted = sorted(set(shots))
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        yield dict(zip(wanted, pool.map(develop, wanted, chunksize=2), strict=True))
