"""Where the embedded index lives on disk: generations side by side, a pointer to the present one, one writer at a time.

Web processes and the worker are different processes. Writers take a file lock; readers look at the file times of the
pointer and of the index's own meta file before each question, which is what makes a commit visible at once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from search.backends.base import EngineUnavailable
from search.backends.embedded.schema import VERSION, schema, with_tokenizers

POINTER = "current"
META = "meta.json"
HEAP_BYTES = 30_000_000
LOCK_PATIENCE_SECONDS = 5.0


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: tuple[str, tantivy.Index] | None = None
        self._seen: tuple[int, int] | None = None

    def present(self) -> Path:
        name = self.pointed_at()
        if not name.startswith(f"v{VERSION}-") or "/" in name or not (self.folder / name / META).is_file():
            raise EngineUnavailable(f"the index {name!r} cannot be used")
        return self.folder / name

    def pointed_at(self) -> str:
        """What the pointer says, whether or not it can be used; empty before the first index."""
        try:
            return (self.folder / POINTER).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def searcher(self) -> tantivy.Searcher:
        """A searcher over what was committed last, by whichever process."""
        path = self.present()
        meta = (path / META).stat()
        seen = (meta.st_mtime_ns, meta.st_ino)
        if self._opened is None or self._opened[0] != path.name:
            index = with_tokenizers(tantivy.Index.open(str(path)))
            index.config_reader("manual")
            index.reload()
            self._opened, self._seen = (path.name, index), seen
        elif self._seen != seen:
            self._opened[1].reload()
            self._seen = seen
        return self._opened[1].searcher()

    def forget(self) -> None:
        self._opened = self._seen = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The only writer among all processes, or EngineUnavailable after a few seconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as lock:
            until = time.monotonic() + LOCK_PATIENCE_SECONDS
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError as error:
                    if time.monotonic() > until:
                        raise EngineUnavailable("another process is writing the index") from error
                    time.sleep(0.02)
            yield

    @contextmanager
    def writer(self, path: Path) -> Iterator[tantivy.IndexWriter]:
        """A writer whose changes are committed together at the end, or not at all."""
        writer = with_tokenizers(tantivy.Index.open(str(path))).writer(HEAP_BYTES, 1)
        try:
            yield writer
            writer.commit()
        finally:
            writer.wait_merging_threads()

    def new_generation(self) -> Path:
        path = self.folder / f"v{VERSION}-{uuid.uuid4().hex[:12]}"
        path.mkdir(parents=True)
        tantivy.Index(schema(), path=str(path))
        return path

    def swap_to(self, path: Path) -> None:
        """From here on every reader opens this generation; older ones are swept (open readers keep their files)."""
        draft = self.folder / f"{POINTER}.{os.getpid()}"
        draft.write_text(path.name, encoding="ascii")
        draft.replace(self.folder / POINTER)
        for old in self.folder.glob("v*-*"):
            if old != path and old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
