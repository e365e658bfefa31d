"""Photos for the seed, drawn and encoded by other processes while the market already lives. Nothing of Django is needed in those."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from backend.demo import pictures
from marketplace.catalog.photos import encoding
from marketplace.catalog.photos.encoding import Encoded

Shot = tuple[str, int, int]  # kind, look, view
Prints = Mapping[Shot, Callable[[], Encoded]]
"""Each shot's photo, for whoever can wait until it is developed."""


def develop(shot: Shot) -> Encoded:
    """One photo, ready to be stored."""
    kind, look, view = shot
    return encoding.encode(pictures.photo(kind, look, view=view))


@contextmanager
def developing(shots: Iterable[Shot]) -> Iterator[Prints]:
    """All these photos, each developed once however often it hangs."""
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1, mp_context=get_context("spawn"), initializer=partial(os.nice, 10)) as pool:
        try:
            yield {shot: pool.submit(develop, shot).result for shot in sorted(set(shots))}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
