"""Locks on files. The kernel drops them when their process ends, even by kill -9."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from core.postgres.places import START_SECONDS, PostgresUnavailable


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock_within(descriptor, fcntl.LOCK_EX, seconds=START_SECONDS * 2, what=path)
        yield
    finally:
        os.close(descriptor)


def flock_within(descriptor: int, kind: int, *, seconds: float, what: Path) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"Another process has held {what} for {seconds:.0f} s. End it (see `lsof {what}`) and try again.") from None
            time.sleep(0.02)


def can_lock(path: Path, kind: int) -> bool:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
