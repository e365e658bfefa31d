"""Who uses the cluster, and who stops it when nobody does any more."""

import atexit
import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from core.postgres import cluster
from core.postgres.locks import can_lock, flock_within, locked
from core.postgres.places import MARKER, START_SECONDS, Places, PostgresUnavailable, Server
from core.postgres.programs import server_uid

_one_at_a_time = threading.Lock()
_held: dict[Path, int] = {}
_known: dict[Path, Server] = {}


def ensure_running(data: Path) -> Server:
    """Join the users of the cluster in `data`, creating and starting it when needed. Cheap when this process has joined already."""
    with _one_at_a_time:
        return _ensure_running(Places(data))


def _ensure_running(places: Places) -> Server:
    if places.home not in _held:
        _prepare_folder(places)
        _join(places)
    elif (known := _known.get(places.home)) and cluster.answers(places, known):
        return known
    with locked(places.lock("start")):
        if not places.cluster.exists():
            cluster.create(places)
        cluster.refuse_other_version(places)
        server = Server(str(places.sockets), places.password.read_text().strip())
        _keep(places)  # before the start: a process killed in between leaves no server without a keeper
        cluster.start(places, server)
    _known[places.home] = server
    return server


def leave(data: Path, *, wait: bool = False) -> None:
    """Stop using the cluster. With `wait`, return only when the keeper has stopped the server, or when others still use it."""
    places = Places(data)
    descriptor = _held.pop(places.home, None)
    if descriptor is None:
        return
    _known.pop(places.home, None)
    os.close(descriptor)
    if wait:
        wait_stopped(data)


def wait_stopped(data: Path, seconds: float = 40) -> None:
    """Wait for the keeper to finish its work, unless somebody else uses the server still."""
    places = Places(data)
    deadline = time.monotonic() + seconds
    while places.home.exists() and _keeper_is_alive(places) and not _has_users(places) and time.monotonic() < deadline:
        time.sleep(0.05)


def is_running(data: Path) -> bool:
    return cluster.postmaster(Places(data)) is not None


def in_use(data: Path) -> bool:
    places = Places(data)
    return places.home.exists() and _has_users(places)


def _prepare_folder(places: Places) -> None:
    data = places.data
    try:
        if data.exists() and any(data.iterdir()) and not (data / MARKER).exists() and not places.home.exists():
            raise PostgresUnavailable(f"{data} is not empty and was not made by Souk. Choose an empty or new folder with SOUK_DATA or --data.")
        data.mkdir(parents=True, exist_ok=True)
        (data / MARKER).touch()
        places.home.mkdir(mode=0o700, exist_ok=True)
        places.home.chmod(0o700)
    except OSError as problem:
        raise PostgresUnavailable(
            f"The data folder {data} cannot be used ({problem.strerror}). Choose one that you may write to with SOUK_DATA or --data."
        ) from problem
    if places.home.stat().st_uid not in {os.getuid(), server_uid()}:
        raise PostgresUnavailable(f"{places.home} belongs to another user of this machine. Choose another folder with SOUK_DATA or --data.")


def _join(places: Places) -> None:
    descriptor = os.open(places.lock("users"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock_within(descriptor, fcntl.LOCK_SH, seconds=START_SECONDS, what=places.lock("users"))
    except PostgresUnavailable:
        os.close(descriptor)
        raise
    _held[places.home] = descriptor
    atexit.register(leave, places.data)


def _has_users(places: Places) -> bool:
    """Users share the lock with us; a keeper that is stopping the server does not."""
    users = places.lock("users")
    return not can_lock(users, fcntl.LOCK_EX) and can_lock(users, fcntl.LOCK_SH)


def _keeper_is_alive(places: Places) -> bool:
    return not can_lock(places.lock("keeper"), fcntl.LOCK_EX)


# ── the keeper ────────────────────────────────────────────────────────────────────────────────────
def _keep(places: Places) -> None:
    """See that a keeper watches. It is a process of its own, so that it outlives every user, however that ends."""
    if _keeper_is_alive(places):
        return
    subprocess.Popen(
        [sys.executable, "-m", "core.postgres", str(places.data)],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def keep(data: Path) -> None:
    """Wait until the last user is gone, then stop the server."""
    places = Places(data)
    try:
        mine = os.open(places.lock("keeper"), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        users = os.open(places.lock("users"), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_EX)
    except OSError:
        return  # another keeper watches, or the whole folder is gone
    cluster.stop(data)
    os.close(mine)  # first: the next user must find no keeper, and bring its own
    os.close(users)
