"""Creates, starts and stops one cluster. Whoever calls holds the start lock."""

import os
import secrets
import shutil
import sys
import time
from pathlib import Path

import psutil
import psycopg

from core.postgres.places import DATABASE, MAJOR, PORT, START_SECONDS, USER, Places, PostgresUnavailable, Server
from core.postgres.programs import binaries, run, server_uid


def refuse_other_version(places: Places) -> None:
    found = (places.cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise PostgresUnavailable(
            f"{places.cluster} was made by PostgreSQL {found}, but this version of Souk carries {MAJOR}. "
            "Dump it with the old version and restore it, or start over with ./souk demo --reset."
        )


def create(places: Places) -> None:
    fresh = places.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)  # what a killed creation left
    if not places.password.exists():
        places.password.touch(mode=0o600)
        places.password.write_text(secrets.token_urlsafe(32))
    done = run(
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
    if sockets.stat().st_uid not in {os.getuid(), server_uid()}:
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


def start(places: Places, server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    if postmaster(places) is None:
        socket = places.sockets / f".s.PGSQL.{PORT}"
        for left_behind in (places.pid_file, socket, socket.with_name(f"{socket.name}.lock")):
            left_behind.unlink(missing_ok=True)  # by kill -9 or a power cut; the number in it may be another process by now
        _configure(places)
        _start_patiently(places, deadline)
    while not answers(places, server, "postgres"):
        if time.monotonic() > deadline or postmaster(places) is None:
            raise PostgresUnavailable(f"PostgreSQL does not answer in {places.sockets}. Its last words:\n{_last_words(places)}")
        time.sleep(0.05)
    _create_database(server)


def _start_patiently(places: Places, deadline: float) -> None:
    """After kill -9 of the server its children may need a moment to notice and let go of the shared memory."""
    log_start = places.log.stat().st_size if places.log.exists() else 0
    while True:
        done = run(places, binaries() / "pg_ctl", "start", "-D", places.cluster, "-l", places.log, "-w", "-t", str(START_SECONDS), "-s")
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


def answers(places: Places, server: Server, database: str = DATABASE) -> bool:
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


def postmaster(places: Places) -> psutil.Process | None:
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
    if postmaster(places) is not None:
        run(places, binaries() / "pg_ctl", "stop", "-D", places.cluster, "-m", "fast", "-w", "-t", "30", "-s")
