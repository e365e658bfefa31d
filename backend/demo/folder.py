"""The data folder of a demo: whose it is, who uses it, and how it is emptied. Never touches a folder that Souk did not make."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import postgres


class FolderTaken(Exception):
    """The folder cannot be this demo's; the message says why and what to do."""


def own(data: Path) -> None:
    """Make the folder, or recognise it as ours."""
    try:
        if data.is_dir() and any(data.iterdir()) and not (data / postgres.MARKER).exists():
            raise FolderTaken(f"{data} is not empty and was not made by Souk. Choose an empty or new folder: --data DIR")
        data.mkdir(parents=True, exist_ok=True)
        (data / postgres.MARKER).touch()
    except OSError as problem:
        raise FolderTaken(f"{data} cannot be used ({problem.strerror}). Choose a folder that you may write to: --data DIR") from problem


@contextmanager
def held(data: Path, *, address: str) -> Iterator[None]:
    """One demo per folder. The lock falls with the process, however that ends."""
    with (data / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise FolderTaken(f"A demo is open with this folder already: {lock.read().strip()}. Close it, or choose another: --data DIR") from None
        lock.seek(0)
        lock.truncate()
        lock.write(address)
        lock.flush()
        yield


def reset(data: Path) -> None:
    if not (data / postgres.MARKER).exists():
        raise FolderTaken(f"{data} was not made by Souk and is not deleted.")
    if postgres.in_use(data):
        raise FolderTaken(f"Another Souk command uses the database in {data}. End it first; then reset.")
    postgres.wait_stopped(data)
    postgres.stop(data)  # one that nobody kept
    keep = {postgres.MARKER, "demo.lock"}
    for entry in data.iterdir():
        if entry.name in keep:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
